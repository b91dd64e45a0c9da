"""What do Eventlet's green threads cost inside one process?

  switch       from one green thread to the other, each calling sleep(0)
  switch-1000  the same among a thousand
  handoff      of a value through an Event
  spawn        spawn, let it run, wait for its result
  memory       a hundred thousand green threads, each waiting on one event (resident memory)
  timers       arm a Timeout and cancel it, with none and with a hundred thousand pending

Run: /usr/bin/python3 eventlet_micro.py [ROW ...]
     make bench ARGS="switch spawn"      beside its peers
"""

import random
import signal

import eventlet
from eventlet.event import Event

from measure import report, report_memory, run


def switch(green_threads, switches):
    def body():
        for _ in range(switches // green_threads):
            eventlet.sleep(0)

    for green_thread in [eventlet.spawn(body) for _ in range(green_threads)]:
        green_thread.wait()


def hand_off(hand_offs):
    rounds = hand_offs // 2
    there = Event()

    def other(event):
        for _ in range(rounds):
            back, event = event.wait()
            back.send(None)

    green_thread = eventlet.spawn(other, there)
    for _ in range(rounds):
        back, following = Event(), Event()
        there.send((back, following))
        there = following
        back.wait()
    green_thread.wait()


def spawn(count):
    for _ in range(count):
        if eventlet.spawn(int, 1).wait() != 1:
            raise AssertionError("a result was lost")


def park(count):
    release = Event()
    green_threads = [eventlet.spawn(release.wait) for _ in range(count)]
    eventlet.sleep(0)
    return release, green_threads


def release(kept):
    event, green_threads = kept
    event.send(None)
    for green_thread in green_threads:
        green_thread.wait()


def arm_and_cancel(count):
    for _ in range(count):
        eventlet.Timeout(30).cancel()


def timers():
    report("timers-0", 50_000, arm_and_cancel)
    pending = [eventlet.Timeout(3600 + 3600 * random.random()) for _ in range(100_000)]
    eventlet.sleep(0)  # only now the hub puts them in order
    report("timers", 50_000, arm_and_cancel)
    for timeout in pending:
        timeout.cancel()


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
