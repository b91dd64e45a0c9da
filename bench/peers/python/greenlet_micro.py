"""What does a switch between two greenlets cost in Python?

Run: /usr/bin/python3 greenlet_micro.py
     make bench ARGS=greenlet      beside its peers
"""

from greenlet import getcurrent, greenlet

from measure import report, run


def switch(switches):
    main = getcurrent()

    def body():
        while True:
            main.switch()

    other = greenlet(body)
    step = other.switch
    for _ in range(switches // 2):
        step()


run({"greenlet": lambda: report("greenlet", 2_000_000, switch)})
