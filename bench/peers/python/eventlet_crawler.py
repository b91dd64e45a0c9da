"""What does a page cost that Eventlet's green urllib fetches, with a pool of 200?

As the slides' crawler: `GreenPool(200).imap(fetch, urls)`.

Run: /usr/bin/python3 eventlet_crawler.py PORT PAGES
"""

import json
import resource
import statistics
import sys

import eventlet
from eventlet.green.urllib import request

BATCHES = 3


def fetch(url):
    return len(request.urlopen(url).read())


def crawl(pages):
    urls = ("http://127.0.0.1:%s/page?%d" % (sys.argv[1], page) for page in range(pages))
    for length in eventlet.GreenPool(200).imap(fetch, urls):
        if length != 1023:
            raise AssertionError(length)


def cpu_micros():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


count = max(1, int(sys.argv[2]) // 10)
crawl(count)
micros = []
for _ in range(BATCHES):
    before = cpu_micros()
    crawl(count)
    micros.append((cpu_micros() - before) / count)
print(json.dumps({"row": "crawler", "cpu_us": round(statistics.median(micros), 2)}), flush=True)
