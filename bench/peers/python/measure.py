"""How is one thing measured? What eventlet_micro.py and gevent_micro.py share.

Run: through them.
"""

import gc
import json
import statistics
import sys
import time

BATCHES = 5


def report(row, operations, body):
    """Prints the median cost of one operation, after a batch that does not count."""
    body(operations)
    nanos = []
    for _ in range(BATCHES):
        begin = time.perf_counter_ns()
        body(operations)
        nanos.append((time.perf_counter_ns() - begin) / operations)
    print(json.dumps({"row": row, "ns": round(statistics.median(nanos), 1)}), flush=True)


def report_memory(row, count, park, release):
    """Prints how much the process grows by one of `count` things that `park` makes."""
    gc.collect()
    before = resident_bytes()
    kept = park(count)
    gc.collect()
    each = (resident_bytes() - before) / count
    print(json.dumps({"row": row, "bytes": round(each, 1), "rss": round(each, 1)}), flush=True)
    release(kept)


def resident_bytes():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status has no VmRSS")


def run(rows):
    """Runs the rows that the command line names, or all."""
    for name, measure in rows.items():
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            measure()
