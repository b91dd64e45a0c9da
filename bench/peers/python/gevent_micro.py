"""What do gevent's greenlets cost inside one process?

  switch       from one greenlet to the other, each calling sleep(0)
  switch-1000  the same among a thousand
  handoff      of a value through an AsyncResult
  spawn        spawn, let it run, get its result
  memory       a hundred thousand greenlets, each waiting on one event (resident memory)
  timers       start a Timeout and close it, with none and with a hundred thousand pending

Run: /usr/bin/python3 gevent_micro.py [ROW ...]
     make bench ARGS="switch spawn"    beside its peers
"""

import random
import signal

import gevent
from gevent.event import AsyncResult, Event

from measure import report, report_memory, run


def switch(greenlets, switches):
    def body():
        for _ in range(switches // greenlets):
            gevent.sleep(0)

    gevent.joinall([gevent.spawn(body) for _ in range(greenlets)])


def hand_off(hand_offs):
    rounds = hand_offs // 2
    there = AsyncResult()

    def other(event):
        for _ in range(rounds):
            back, event = event.get()
            back.set(None)

    greenlet = gevent.spawn(other, there)
    for _ in range(rounds):
        back, following = AsyncResult(), AsyncResult()
        there.set((back, following))
        there = following
        back.get()
    greenlet.join()


def spawn(count):
    for _ in range(count):
        if gevent.spawn(int, 1).get() != 1:
            raise AssertionError("a result was lost")


def park(count):
    release = Event()
    greenlets = [gevent.spawn(release.wait) for _ in range(count)]
    gevent.sleep(0)
    return release, greenlets


def release(kept):
    event, greenlets = kept
    event.set()
    gevent.joinall(greenlets)


def arm_and_cancel(count):
    for _ in range(count):
        gevent.Timeout.start_new(30).close()


def timers():
    report("timers-0", 50_000, arm_and_cancel)
    pending = [
        gevent.Timeout.start_new(3600 + 3600 * random.random()) for _ in range(100_000)
    ]
    report("timers", 50_000, arm_and_cancel)
    for timeout in pending:
        timeout.close()


signal.alarm(300)  # then the signal ends the process
run(
    {
        "switch": lambda: report("switch", 100_000, lambda n: switch(2, n)),
        "switch-1000": lambda: report("switch-1000", 100_000, lambda n: switch(1000, n)),
        "handoff": lambda: report("handoff", 50_000, hand_off),
        "spawn": lambda: report("spawn", 20_000, spawn),
        "memory": lambda: report_memory("memory", 100_000, park, release),
        "timers": timers,
    }
)
