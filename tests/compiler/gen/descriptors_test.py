#!/usr/bin/env python3
"""What rpcgen says of a .rpc file in its .descriptor.h is what protoc says of the .proto file that
`rpcgen proto` writes of it, as protobuf's own library reads both.

    descriptors_test.py RPCGEN SCRATCH_DIR FOLDER...    every .rpc file below the folders
"""
import ast
import pathlib
import re
import shutil
import subprocess
import sys

from google.protobuf import descriptor_pb2, descriptor_pool

rpcgen, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
files = sorted(file for folder in sys.argv[3:] for file in pathlib.Path(folder).rglob("*.rpc"))


def said_by_rpcgen(header):
    """The bytes of the C++ literal. Its escapes are Python's, too."""
    text = header.read_text()
    lines = re.search(r"_bytes\[\] =((?:\s*\".*\")+);", text).group(1).strip().splitlines()
    return b"".join(ast.literal_eval("b" + line.strip()) for line in lines)


def said_by_protoc(folder, proto, into):
    subprocess.run(["protoc", f"--proto_path={folder}", f"--descriptor_set_out={into}", "--include_imports",
                    proto], check=True)
    return descriptor_pb2.FileDescriptorSet.FromString(into.read_bytes())


def generate(folder, file):
    """The file and all that it imports from beside it or from the tests' common folder."""
    around = [file.parent, pathlib.Path(__file__).resolve().parents[2] / "idl"]
    wanted, seen = [file], set()
    while wanted:
        each = wanted.pop()
        if each in seen:
            continue
        seen.add(each)
        for name in re.findall(r'^import "([^"]+)"', each.read_text(), re.M):
            wanted += [directory / name for directory in around if (directory / name).is_file()][:1]
    flags = [f"-I{directory}" for directory in around]
    for kind in ([], ["proto"]):
        subprocess.run([rpcgen, *kind, "--out", folder, *flags, *sorted(map(str, seen))], check=True)


failures, compared, with_imports = [], 0, 0
for number, file in enumerate(files):
    folder = scratch / str(number)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    generate(folder, file)
    protos = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.proto"))
    pool = descriptor_pool.DescriptorPool()
    for proto in protos:
        whole = said_by_protoc(folder, proto, folder / "protoc.binpb")
        expected = next(one for one in whole.file if one.name == proto)
        said = said_by_rpcgen(folder / (proto.removesuffix(".proto") + ".descriptor.h"))
        got = descriptor_pb2.FileDescriptorProto.FromString(said)
        if got != expected or said != expected.SerializeToString():
            (folder / "expected.txt").write_text(str(expected))
            (folder / "got.txt").write_text(str(got))
            diff = subprocess.run(["diff", folder / "expected.txt", folder / "got.txt"], capture_output=True,
                                  text=True).stdout
            failures.append(f"{file}: {proto}: protoc (<) and rpcgen (>) differ:\n{diff[:2000]}")
        compared += 1
        with_imports += len(expected.dependency) > 0
        # And a program that knows nothing else can make its types of them.
        for one in whole.file:
            pool.AddSerializedFile(said if one.name == proto else one.SerializeToString())
        pool.FindFileByName(proto)

print(f"compared {compared} files, {with_imports} with imports")
if len(files) < 20 or compared < len(files) or with_imports == 0:
    failures.append("too few files were compared")
sys.exit("\n".join(failures) or None)
