"""What the Python peers share: reading the artists, asking the queries, and saying what was measured."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from generate import plain  # noqa: E402

WARM_UP, FIRST = 100, 5
preparing_s = [0.0]  # spent in artists(), which is not the engines' work


def tidy(text):
    """Lower case, no marks, words apart by one space: peers get everything folded, outside of the time taken."""
    return " ".join("".join(c if c.isalnum() else " " for c in plain(text).replace("'", "").replace("’", "")).split())


def artists(path):
    """(id, names folded: the name first, popularity), the best known first."""
    start = time.process_time()
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    rows.sort(key=lambda row: -int(row[2]))
    for key, name, popularity, _, aliases in rows:
        row = key, [tidy(name)] + [tidy(alias) for alias in aliases.split("|") if alias], int(popularity)
        preparing_s[0] += time.process_time() - start
        yield row
        start = time.process_time()


def memory_kib():
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def measure(index, search, version):
    """index(artists path, folder) makes it ready; search(text) gives ids. The queries come in random order, so
    as many as fit into the seconds are a fair sample; each counts with the best of the rounds. All times are
    processor time of this process: what a quiet core would take, whatever else the machine does."""
    source, queries, answers = sys.argv[1:4]
    rounds, seconds = int(sys.argv[4]), float(sys.argv[5])
    with open(queries, encoding="utf-8") as file:
        texts = [tidy(line.split("\t")[2]) for line in file]
    before, start = memory_kib(), time.process_time()
    disk = index(source, os.path.dirname(answers))
    index_s = time.process_time() - start - preparing_s[0]
    end = time.process_time() + min(10, seconds)
    for text in texts[:WARM_UP]:
        search(text)
        if time.process_time() > end:
            break
    took, found = [], []
    end = time.process_time() + seconds
    for text in texts:
        start = time.process_time_ns()
        hits = search(text)
        took.append((time.process_time_ns() - start) / 1e3)
        found.append(hits)
        if time.process_time() > end:
            break
    for _ in range(rounds - 1):
        for i in range(len(took)):
            start = time.process_time_ns()
            search(texts[i])
            took[i] = min(took[i], (time.process_time_ns() - start) / 1e3)
    with open(answers, "w", encoding="utf-8") as file:
        for i, (us, hits) in enumerate(zip(took, found)):
            file.write("\t".join([str(i), f"{us:.2f}", *hits]) + "\n")
    print(json.dumps({"version": version, "index_s": round(index_s, 2), "memory_kib": memory_kib() - before,
                      "disk_bytes": disk}))
