"""Records the vectors spec/vectors/*/model-signing-* with the real OpenSSF model_signing.

Run from the repository's root with the Python of tools/peers/requirements-model-signing.txt:
    ~/.cache/holdfast-peers/model-signing/bin/python tools/peers/record-model-signing.py
Valid vectors are what model_signing wrote. Must-fail vectors are the same, damaged, or statements that
model_signing would not write, signed with a throw-away key. Private keys are not kept.
"""

import base64
import hashlib
import importlib.metadata
import json
import pathlib
import shutil
import tempfile

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from model_signing import hashing, signing

VERSION = importlib.metadata.version("model-signing")
VECTORS = pathlib.Path("spec/vectors")
TREE = {
    "a/b": "one",
    "a-b": "two",
    "a.b": "three",
    "deep/er/weights.bin": "four",
    "empty": "",
    "nested/.github/kept": "kept",
    "with space": "space",
    "\uff5e": "above the surrogates in UTF-16, below U+1F600 by code point",
    "\U0001f600": "emoji",
    ".github/ignored": "ignored",
}
SMALL = {"a-b": "two", "config.json": "{}"}


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def write_tree(root, tree):
    for name, text in tree.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def folder(kind, name, key, **vector):
    path = VECTORS / kind / f"model-signing-{name}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    (path / "signer.pub").write_bytes(public_pem(key))
    vector = {"source": f"model_signing {VERSION}", "model": "model", **vector}
    (path / "vector.json").write_text(json.dumps(vector, indent=2) + "\n")
    return path


def sign(path, key, model="model", config=None):
    with tempfile.NamedTemporaryFile(suffix=".pem") as pem:
        pem.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        pem.flush()
        signing.Config().use_elliptic_key_signer(private_key=pem.name).set_hashing_config(
            config or hashing.Config()
        ).sign(path / model, path / "model.sig")
    bundle = json.loads((path / "model.sig").read_text())
    return bundle, json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))


def record_valid(name, tree, description, config=None, model="model"):
    key = new_key()
    path = folder("valid", name, key, model=model, description=description)
    write_tree(path / "model" if model == "model" else path, tree)
    _, statement = sign(path, key, model, config)
    vector = json.loads((path / "vector.json").read_text())
    vector["subject"] = statement["subject"][0]["digest"]["sha256"]
    vector["names"] = [resource["name"] for resource in statement["predicate"]["resources"]]
    (path / "vector.json").write_text(json.dumps(vector, indent=2) + "\n")


def damaged(name, expect, description, damage, tree=SMALL, config=None):
    """`damage(path, bundle)` changes files, or the bundle, which is then written again if returned."""
    key = new_key()
    path = folder("must-fail", name, key, expect=expect, description=description)
    write_tree(path / "model", tree)
    bundle, _ = sign(path, key, config=config)
    changed = damage(path, bundle)
    if changed is not None:
        (path / "model.sig").write_text(changed if isinstance(changed, str) else json.dumps(changed))


def signed(name, description, change, expect="HF_MODEL_SIGNATURE_FORMAT", tree=SMALL, config=None, **options):
    """`change(statement)` edits the statement, which is then signed with the vector's own key."""
    key = new_key()
    path = folder("must-fail", name, key, expect=expect, description=description)
    write_tree(path / "model", tree)
    bundle, statement = sign(path, key, config=config)
    change(statement)
    if options.get("fix_subject", True):
        root = hashlib.sha256()
        for resource in statement["predicate"]["resources"]:
            root.update(bytes.fromhex(resource["digest"]))
        statement["subject"][0]["digest"]["sha256"] = root.hexdigest()
    payload = json.dumps(statement).encode()
    payload_type = options.get("payload_type", "application/vnd.in-toto+json")
    pae = f"DSSEv1 {len(payload_type)} {payload_type} {len(payload)} ".encode() + payload
    envelope = bundle["dsseEnvelope"]
    envelope["payload"] = base64.b64encode(payload).decode()
    envelope["payloadType"] = payload_type
    signature = key.sign(pae, ec.ECDSA(hashes.SHA256()))
    envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    (path / "model.sig").write_text(json.dumps(bundle))


def record_all_valid():
    shards = hashing.Config().use_shard_serialization(shard_size=4)
    without_empty = {name: text for name, text in TREE.items() if text}
    ignoring = hashing.Config().set_ignored_paths(paths=["notes", "a.b"])
    record_valid("folder", TREE, "a folder; order by path components; git paths ignored at the top only")
    record_valid("file", {"weights.bin": "weights"}, "a single file: one resource named `.`", model="weights.bin")
    record_valid("shards", without_empty, "parts of 4 bytes; shard_size is written as 4.0", shards)
    record_valid("ignored", {**TREE, "notes/todo": "x"}, "two ignored paths, one of them a folder", ignoring)


def record_damaged():
    def rename(path, _):
        (path / "model/a-b").rename(path / "model/a-c")

    def edit(field, value):
        return lambda _, bundle: {**bundle, field: value}

    def envelope(change):
        def apply(_, bundle):
            change(bundle["dsseEnvelope"], bundle)
            return bundle

        return apply

    def payload_byte(content, _):
        payload = base64.b64decode(content["payload"]).replace(b"config.json", b"config.jso_")
        content["payload"] = base64.b64encode(payload).decode()

    def hint(_, bundle):
        bundle["verificationMaterial"]["publicKey"]["hint"] = "0" * 64

    def foreign_key(path, _):
        (path / "signer.pub").write_bytes(public_pem(new_key()))

    def foreign_key_hinted(path, bundle):
        pem = public_pem(new_key())
        (path / "signer.pub").write_bytes(pem)
        bundle["verificationMaterial"]["publicKey"]["hint"] = hashlib.sha256(pem).hexdigest()
        return bundle

    damaged("flipped-byte", "HF_MODEL_MISMATCH", "one byte of one file differs",
            lambda path, _: (path / "model/a-b").write_text("twp") and None)
    damaged("extra-file", "HF_MODEL_EXTRA_FILE", "a file that was not signed",
            lambda path, _: (path / "model/evil.py").write_text("x") and None)
    damaged("missing-file", "HF_MODEL_MISSING_FILE", "a signed file is gone",
            lambda path, _: (path / "model/config.json").unlink())
    damaged("renamed-file", "HF_MODEL_MISSING_FILE", "a name changed; the root digest is still right", rename)
    damaged("other-key", "HF_MODEL_SIGNATURE_INVALID", "another key than the signer's", foreign_key)
    damaged("other-key-hinted", "HF_MODEL_SIGNATURE_INVALID", "another key, and the hint names it", foreign_key_hinted)
    damaged("other-hint", "HF_MODEL_SIGNATURE_INVALID", "the right key, but the hint names another", envelope(hint))
    damaged("edited-payload", "HF_MODEL_SIGNATURE_INVALID", "the payload was edited", envelope(payload_byte))
    damaged("two-signatures", "HF_MODEL_SIGNATURE_FORMAT", "a second signature",
            envelope(lambda content, _: content["signatures"].append(content["signatures"][0])))
    damaged("no-signature", "HF_MODEL_SIGNATURE_FORMAT", "no signature",
            envelope(lambda content, _: content["signatures"].clear()))
    damaged("bundle-v0.2", "HF_MODEL_SIGNATURE_FORMAT", "the media type of bundle v0.2",
            edit("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.2"))
    damaged("cut-short", "HF_MODEL_SIGNATURE_FORMAT", "half a bundle",
            lambda _, bundle: json.dumps(bundle)[: len(json.dumps(bundle)) // 2])
    damaged("blake2", "HF_MODEL_SIGNATURE_FORMAT", "BLAKE2 digests, which are not supported: unknown is not a pass",
            lambda *_: None, config=hashing.Config().use_file_serialization(hashing_algorithm="blake2"))
    damaged("shards-empty-file", "HF_MODEL_EXTRA_FILE", "an empty file has no parts, so parts cannot cover it",
            lambda *_: None, tree={**SMALL, "__init__.py": ""},
            config=hashing.Config().use_shard_serialization(shard_size=4))
    damaged("shards-longer", "HF_MODEL_MISMATCH", "bytes after the last part",
            lambda path, _: (path / "model/a-b").write_text("two!") and None,
            config=hashing.Config().use_shard_serialization(shard_size=4))


def record_signed():
    def resources(statement):
        return statement["predicate"]["resources"]

    def serialization_field(name, value):
        return lambda statement: statement["predicate"]["serialization"].update({name: value})

    shards = hashing.Config().use_shard_serialization(shard_size=2)
    signed("wrong-subject", "the subject is not the digest of the resources",
           lambda statement: statement["subject"][0]["digest"].update({"sha256": "0" * 64}), fix_subject=False)
    signed("two-subjects", "two subjects", lambda statement: statement["subject"].append(statement["subject"][0]))
    signed("old-predicate", "the predicate type of model_signing 0.2",
           lambda statement: statement.update({"predicateType": "https://model_signing/Digests/v0.1"}))
    signed("duplicate-name", "a name stands twice", lambda statement: resources(statement).append(resources(statement)[0]))
    signed("leaves-folder", "a name leads out of the folder",
           lambda statement: resources(statement)[0].update({"name": "../model/a-b"}))
    signed("absolute-name", "an absolute name",
           lambda statement: resources(statement)[0].update({"name": "/etc/passwd"}))
    signed("no-resources", "an empty list", lambda statement: resources(statement).clear())
    signed("signed-and-ignored", "a signed name that is also ignored", serialization_field("ignore_paths", ["a-b"]))
    signed("unknown-method", "a method that nobody knows", serialization_field("method", "tensors"))
    signed("other-algorithm", "one resource of another algorithm",
           lambda statement: resources(statement)[0].update({"algorithm": "md5"}))
    signed("shards-gap", "a part is missing in the middle",
           lambda statement: resources(statement).pop(0), config=shards)
    signed("shards-huge", "a shard size that is no number of bytes", serialization_field("shard_size", 1e300), config=shards)
    signed("payload-type", "not an in-toto payload", lambda _: None, payload_type="text/plain")


record_all_valid()
record_damaged()
record_signed()
