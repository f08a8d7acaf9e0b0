"""Writes pickles opcode by opcode, as the documentation of `pickletools` describes them; nothing is run for it."""

import pickle
import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Ref:
    """A callable by its name; the name may be dotted from protocol 4 on."""

    module: str
    name: str


@dataclass(frozen=True)
class Call:
    """A call of what `callee` is, by one of the opcodes that call."""

    callee: object
    args: tuple = ()
    way: str = "reduce"  # inst, obj, newobj, newobj_ex
    named: tuple = ()  # pairs, of newobj_ex


@dataclass(frozen=True)
class Raw:
    """Opcodes as they are; they must push one value."""

    opcodes: bytes


def assemble(value, protocol=4):
    """A whole pickle of one value."""
    start = b"\x80" + bytes([protocol]) if protocol >= 2 else b""
    return start + body(value, protocol) + b"."


def framed(opcodes):
    """The opcodes in a frame of their own."""
    return b"\x95" + struct.pack("<Q", len(opcodes)) + opcodes


def body(value, protocol):
    """The opcodes that push a value, those that a pickler of that protocol would write."""
    match value:
        case Raw(opcodes):
            return opcodes
        case Ref(module, name):
            return reference(module, name, protocol)
        case Call():
            return call(value, protocol)
        case None:
            return b"N"
        case bool():
            return (b"\x88" if value else b"\x89") if protocol >= 2 else (b"I01\n" if value else b"I00\n")
        case int():
            return integer(value, protocol)
        case float():
            return b"G" + struct.pack(">d", value) if protocol >= 1 else b"F" + repr(value).encode() + b"\n"
        case str():
            return text(value, protocol)
        case bytes():
            return octets(value, protocol)
        case tuple():
            return b"(" + b"".join(body(item, protocol) for item in value) + b"t"
        case list():
            return b"(l" + b"".join(body(item, protocol) + b"a" for item in value)
        case dict():
            pairs = (body(key, protocol) + body(item, protocol) + b"s" for key, item in value.items())
            return b"(d" + b"".join(pairs)
    raise TypeError(type(value))


def reference(module, name, protocol):
    if protocol >= 4:
        return text(module, protocol) + text(name, protocol) + b"\x93"
    return b"c" + f"{module}\n{name}\n".encode()


def call(value, protocol):
    pushed = b"".join(body(item, protocol) for item in value.args)
    if value.way == "inst":
        return b"(" + pushed + b"i" + f"{value.callee.module}\n{value.callee.name}\n".encode()
    callee = body(value.callee, protocol)
    if value.way == "obj":
        return b"(" + callee + pushed + b"o"
    if value.way == "newobj":
        return callee + b"(" + pushed + b"t\x81"
    if value.way == "newobj_ex":
        return callee + b"(" + pushed + b"t" + body(dict(value.named), protocol) + b"\x92"
    return callee + b"(" + pushed + b"tR"


def integer(value, protocol):
    if protocol == 0:
        return f"I{value}\n".encode()
    if 0 <= value < 256:
        return b"K" + bytes([value])
    if -(2**31) <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    encoded = pickle.encode_long(value)
    return b"\x8a" + bytes([len(encoded)]) + encoded if protocol >= 2 else f"L{value}L\n".encode()


def text(value, protocol):
    encoded = value.encode()
    if protocol == 0:
        # As `pickle.py` does it: what would end the line, or is no text to the reader, is escaped.
        for character in "\\\0\n\r\x1a":
            value = value.replace(character, f"\\u{ord(character):04x}")
        return b"V" + value.encode("raw-unicode-escape") + b"\n"
    if protocol >= 4 and len(encoded) < 256:
        return b"\x8c" + bytes([len(encoded)]) + encoded
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def octets(value, protocol):
    if protocol < 3:
        # As `bytes.__reduce_ex__` does it: text in which each character is a byte.
        return body(Call(Ref("_codecs", "encode"), (value.decode("latin-1"), "latin1")), protocol)
    if len(value) < 256:
        return b"C" + bytes([len(value)]) + value
    return b"B" + struct.pack("<I", len(value)) + value
