"""What does a small answer cost in gunicorn, with one worker or several?

Its plain worker closes each connection; only that of gevent keeps them alive. The last
worker prints the port, so that all processes are there when it is read.

Run: /usr/bin/python3 gunicorn_http.py sync|gevent WORKERS [SECONDS]     the port is the first line of
     make bench ARGS=http     beside its peers                           output
"""

import signal
import sys

from gunicorn.app.base import BaseApplication
from hello import application


class Gunicorn(BaseApplication):
    def load_config(self):
        options = {
            "bind": "127.0.0.1:0",
            "backlog": 4096,
            "workers": int(sys.argv[2]),
            "worker_class": sys.argv[1],
            "worker_connections": 20000,
            "keepalive": 600,
            "loglevel": "critical",
            "post_worker_init": self.ready,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self):
        return application

    @staticmethod
    def ready(worker):
        if worker.age == int(sys.argv[2]):
            print(worker.sockets[0].getsockname()[1], flush=True)


signal.alarm(int(sys.argv[3]) if len(sys.argv) > 3 else 600)  # then the signal ends the process
Gunicorn().run()
