"""The other side of the conformance tests, by python-tuf: the framework's reference implementation.

    python_tuf.py write OUT               repositories of many kinds, step by step, and what a client must say to each
    python_tuf.py read URL ROOT TARGET    brings metadata up to date from a repository of ours, and prints the target
"""

import copy
import json
import os
import sys
import tempfile
from datetime import datetime, timedelta, timezone

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, MetaFile, Role, Root, Snapshot, TargetFile, Targets
from tuf.api.metadata import Timestamp
from tuf.ngclient import Updater

TARGET = "bundle.json"
ROLES = ("root", "timestamp", "snapshot", "targets")
NOW = datetime.now(timezone.utc).replace(microsecond=0)
LATER = NOW + timedelta(days=30)
EARLIER = NOW - timedelta(days=1)

SIGNERS = {
    "ed25519": CryptoSigner.generate_ed25519,
    "ecdsa": CryptoSigner.generate_ecdsa,
    "rsa": CryptoSigner.generate_rsa,
}


class Repository:
    """A repository whose every step is written whole into a folder of its own."""

    def __init__(self, out, name, kind="ed25519", root_keys=1, root_threshold=1):
        self.out = os.path.join(out, name)
        self.steps = []
        self.make = SIGNERS[kind]
        self.signers = {role: [self.make() for _ in range(root_keys if role == "root" else 1)] for role in ROLES}
        roles = {role: Role([], 1) for role in ROLES}
        roles["root"].threshold = root_threshold
        self.root = Root(version=1, expires=LATER, roles=roles, consistent_snapshot=True)
        for role in ROLES:
            for signer in self.signers[role]:
                self.root.add_key(signer.public_key, role)
        self.timestamp = Timestamp(version=1, expires=LATER)
        self.snapshot = Snapshot(version=1, expires=LATER)
        self.targets = Targets(version=1, expires=LATER)
        self.delegated = {}
        self.files = {}
        self.hashes = True
        self.set_target(b"first")
        self.sign_root()
        self.first_root = self.files["metadata/1.root.json"]

    def set_target(self, content, path=TARGET, targets=None):
        info = TargetFile.from_data(path, content, ["sha256"])
        (targets or self.targets).targets[path] = info
        self.files[f"targets/{info.hashes['sha256']}.{path}"] = content

    def signed(self, signed, signers):
        metadata = Metadata(copy.deepcopy(signed))
        for signer in signers:
            metadata.sign(signer, append=True)
        return metadata.to_bytes()

    def sign_root(self, signers=None):
        self.files[f"metadata/{self.root.version}.root.json"] = self.signed(self.root, signers or self.signers["root"])

    def rotate(self, role):
        """Gives a role new keys. @returns the signers of the old ones"""
        old = self.signers[role]
        for signer in old:
            self.root.revoke_key(signer.public_key.keyid, role)
        self.signers[role] = [self.make() for _ in old]
        for signer in self.signers[role]:
            self.root.add_key(signer.public_key, role)
        return old

    def next_root(self, also=()):
        self.root.version += 1
        self.sign_root([*also, *self.signers["root"]])

    def meta(self, version, content):
        return MetaFile.from_data(version, content, ["sha256"]) if self.hashes else MetaFile(version)

    def sign(self, **signers):
        """Signs targets, snapshot and timestamp as they are, by their own keys unless said otherwise."""
        by = {**self.signers, **signers}
        for name, (targets, signer) in self.delegated.items():
            content = self.signed(targets, [signer])
            self.files[f"metadata/{targets.version}.{name}.json"] = content
            self.snapshot.meta[f"{name}.json"] = self.meta(targets.version, content)
        content = self.signed(self.targets, by["targets"])
        self.files[f"metadata/{self.targets.version}.targets.json"] = content
        self.snapshot.meta["targets.json"] = self.meta(self.targets.version, content)
        content = self.signed(self.snapshot, by["snapshot"])
        self.files[f"metadata/{self.snapshot.version}.snapshot.json"] = content
        self.timestamp.snapshot_meta = self.meta(self.snapshot.version, content)
        self.files["metadata/timestamp.json"] = self.signed(self.timestamp, by["timestamp"])

    def bump(self, *roles):
        for role in roles or ("targets", "snapshot", "timestamp"):
            getattr(self, role).version += 1

    def step(self, expected="trusted"):
        folder = os.path.join(self.out, str(len(self.steps)))
        for path, content in self.files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            with open(os.path.join(folder, path), "wb") as file:
                file.write(content)
        known = {role: getattr(self, role).version for role in ROLES}
        self.steps.append({"folder": folder, "expected": expected, "versions": known})

    def end(self):
        with open(os.path.join(self.out, "first-root.json"), "wb") as file:
            file.write(self.first_root)
        with open(os.path.join(self.out, "steps.json"), "w", encoding="utf-8") as file:
            json.dump(self.steps, file)


def every_kind_of_key(out):
    for kind in SIGNERS:
        repository = Repository(out, f"signed-by-{kind}", kind, root_keys=3, root_threshold=2)
        repository.sign()
        repository.step()
        old = repository.rotate("root")
        repository.next_root(old)
        repository.bump()
        repository.sign()
        repository.step()
        repository.end()


def without_hashes(out):
    repository = Repository(out, "versions-alone")
    repository.hashes = False
    repository.sign()
    repository.step()
    repository.end()


def with_more_fields(out):
    """Fields that a client does not know are signed all the same: quotes, backslashes, letters of every sort."""
    repository = Repository(out, "fields-of-others")
    odd = {"x-note": 'a "quoted" \\ text\n\u00e4\u4e2d\U0001f455', "x-list": [1, -2, None, True, {"b": 1, "a": []}]}
    for role in ROLES:
        getattr(repository, role).unrecognized_fields.update(odd)
    repository.sign_root()
    repository.first_root = repository.files["metadata/1.root.json"]
    repository.sign()
    repository.step()
    repository.end()


def delegated(out):
    repository = Repository(out, "delegated")
    del repository.targets.targets[TARGET]
    signer = repository.make()
    role = DelegatedRole("models", [signer.public_key.keyid], 1, True, paths=["*.json"])
    repository.targets.delegations = Delegations({signer.public_key.keyid: signer.public_key}, {"models": role})
    inner = Targets(version=1, expires=LATER)
    repository.set_target(b"delegated", targets=inner)
    repository.delegated["models"] = (inner, signer)
    repository.sign()
    repository.step()
    repository.end()


def refused(out):
    """What must not be taken: each after a step that was."""

    def begun(name):
        repository = Repository(out, name)
        repository.sign()
        repository.bump()
        repository.sign()
        repository.step()
        return repository

    for role in ("root", "timestamp", "snapshot", "targets"):
        repository = begun(f"expired-{role}")
        getattr(repository, role).expires = EARLIER
        if role == "root":
            repository.next_root()
        repository.bump()
        repository.sign()
        repository.step("metadata-expired")
        repository.end()
    for role in ("timestamp", "snapshot", "targets"):
        repository = begun(f"signed-by-nobody-{role}")
        repository.bump()
        repository.sign(**{role: [repository.make()]})
        repository.step("metadata-unsigned")
        repository.end()
        repository = begun(f"older-{role}")
        repository.bump()
        getattr(repository, role).version = 1
        repository.sign()
        repository.step("metadata-behind")
        repository.end()
    repository = begun("root-not-signed-by-its-keys-of-before")
    repository.rotate("root")
    repository.next_root()
    repository.step("metadata-unsigned")
    repository.end()
    repository = begun("targets-of-another-moment")
    other = repository.files["metadata/1.targets.json"]
    repository.bump()
    repository.sign()
    repository.files[f"metadata/{repository.targets.version}.targets.json"] = other
    repository.step("metadata-mismatch")
    repository.end()


def write(out):
    for scenario in (every_kind_of_key, without_hashes, with_more_fields, delegated, refused):
        scenario(out)


def read(url, root, target):
    with tempfile.TemporaryDirectory() as folder:
        with open(root, "rb") as file:
            first = file.read()
        updater = Updater(folder, f"{url}/metadata/", folder, f"{url}/targets/", bootstrap=first)
        info = updater.get_targetinfo(target)
        with open(updater.download_target(info), "rb") as file:
            sys.stdout.buffer.write(file.read())


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](*sys.argv[2:])
