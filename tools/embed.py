#!/usr/bin/env python3
"""Packs files into the binary: writes an assembly file that holds their bytes and a C table that names them.

usage: embed.py --asm OUT.S --table OUT.c --catalog FILE [--asset /PATH=FILE ...] [--web DIR]

Every asset is carried as it is; text is carried gzip-packed as well, when that is smaller. Files of --web
whose path lies below /_next/static/ have a hash in their name and may be cached for a year.
"""
import argparse
import gzip
import os
import sys

TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8", ".xml": "application/xml", ".png": "image/png", ".ico": "image/x-icon",
    ".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".wasm": "application/wasm",
    ".map": "application/json",
}
PACKED = {".html", ".css", ".js", ".json", ".svg", ".txt", ".xml", ".webmanifest", ".wasm", ".map"}


def files_of(folder):
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(root, name)
            yield "/" + os.path.relpath(path, folder).replace(os.sep, "/"), path


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asm", required=True)
    parser.add_argument("--table", required=True)
    parser.add_argument("--catalog", required=True)
    parser.add_argument("--asset", action="append", default=[])
    parser.add_argument("--web")
    args = parser.parse_args()

    assets = [tuple(pair.split("=", 1)) for pair in args.asset]
    if args.web:
        named = {path for path, _ in assets}
        assets += [pair for pair in files_of(args.web) if pair[0] not in named]

    asm = ['    .section .rodata', '    .balign 16', '    .global LI_CATALOG_BYTES',
           'LI_CATALOG_BYTES:', f'    .incbin {c_string(os.path.abspath(args.catalog))}']
    rows = []
    declarations = []

    def add(path, kind, encoding, source, size, immutable):
        name = f"LI_ASSET_{len(rows)}"
        asm.extend(['    .balign 16', f'    .global {name}', f'{name}:', f'    .incbin {c_string(os.path.abspath(source))}'])
        declarations.append(f"extern const unsigned char {name}[];")
        rows.append(f"    {{{c_string(path)}, {c_string(kind)}, {c_string(encoding) if encoding else 'NULL'}, "
                    f"{name}, {size}, {'true' if immutable else 'false'}}},")

    folder = os.path.splitext(args.asm)[0] + ".packed"
    os.makedirs(folder, exist_ok=True)
    for path, source in assets:
        suffix = os.path.splitext(path)[1]
        kind = TYPES.get(suffix)
        if not kind:
            sys.exit(f"embed: no content type is known for {path}; add {suffix} to TYPES")
        with open(source, "rb") as file:
            data = file.read()
        immutable = path.startswith("/_next/static/")
        add(path, kind, None, source, len(data), immutable)
        packed = gzip.compress(data, 9, mtime=0) if suffix in PACKED else data
        if len(packed) < len(data):
            target = os.path.join(folder, f"{len(rows)}.gz")
            with open(target, "wb") as file:
                file.write(packed)
            add(path, kind, "gzip", target, len(packed), immutable)
    asm += ['    .section .note.GNU-stack,"",%progbits', '']

    with open(args.asm, "w") as file:
        file.write("\n".join(asm))
    with open(args.table, "w") as file:
        file.write("/* made by tools/embed.py */\n#include \"cli/cli.h\"\n\n" + "\n".join(declarations) +
                   "\n\nconst struct li_asset LI_ASSETS[] = {\n" + "\n".join(rows) +
                   "\n};\nconst size_t LI_ASSET_COUNT = sizeof LI_ASSETS / sizeof *LI_ASSETS;\n"
                   f"const size_t LI_CATALOG_SIZE = {os.path.getsize(args.catalog)};\n")


main()
