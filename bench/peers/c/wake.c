// How long does the kernel take to wake a thread that waits in epoll, and to be woken back?
//
// Two threads, each waiting in epoll_wait on an eventfd of its own. One writes to the other's
// eventfd and waits; the other does the same: one round trip. Edge-triggered, so that nobody has to
// read an eventfd. With `futex` the way back is a futex instead, which is how a JVM wakes a plain
// thread, so that this line makes exactly the system calls that waking a green thread from a plain
// thread and back has to make.
//
// Run: gcc -O2 -pthread -o wake wake.c && ./wake [CPU_OF_ONE CPU_OF_THE_OTHER [ROUNDS]]
//      make bench ARGS=wake                           beside its peers

#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BATCHES = 7 };

struct bell {
  int eventfd;
  int poller;
};

static struct bell there, back;
static _Atomic uint32_t answered;
static int rounds = 20000;
static int cpus[2] = {0, 0};
static int by_futex;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static struct bell make_bell(void) {
  struct bell bell = {eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), epoll_create1(EPOLL_CLOEXEC)};
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = bell.eventfd};
  if (bell.eventfd < 0 || bell.poller < 0) die("eventfd");
  if (epoll_ctl(bell.poller, EPOLL_CTL_ADD, bell.eventfd, &event) != 0) die("epoll_ctl");
  return bell;
}

static void ring(struct bell *bell) {
  uint64_t one = 1;
  if (write(bell->eventfd, &one, sizeof one) != sizeof one) die("write");
}

static void await(struct bell *bell) {
  struct epoll_event event;
  while (epoll_wait(bell->poller, &event, 1, -1) != 1) {
  }
}

static void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) die("sched_setaffinity");
}

static void answer(uint32_t round) {
  if (!by_futex) {
    ring(&back);
    return;
  }
  atomic_store(&answered, round);
  syscall(SYS_futex, &answered, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void await_answer(uint32_t round) {
  if (!by_futex) {
    await(&back);
    return;
  }
  uint32_t seen;
  while ((seen = atomic_load(&answered)) != round) {
    syscall(SYS_futex, &answered, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
  }
}

static void *other(void *nothing) {
  pin(cpus[1]);
  for (int i = 1; i <= rounds * BATCHES; i++) {
    await(&there);
    answer((uint32_t)i);
  }
  return nothing;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static void measure(const char *row) {
  pthread_t thread;
  atomic_store(&answered, 0);
  if (pthread_create(&thread, NULL, other, NULL) != 0) die("pthread_create");
  double nanos[BATCHES];
  uint32_t round = 0;
  for (int batch = 0; batch < BATCHES; batch++) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < rounds; i++) {
      ring(&there);
      await_answer(++round);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    nanos[batch] =
        ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / rounds;
  }
  pthread_join(thread, NULL);
  qsort(nanos, BATCHES, sizeof nanos[0], ascending);
  printf("{\"row\":\"%s\",\"ns\":%.1f}\n", row, nanos[BATCHES / 2]);
  fflush(stdout);
}

int main(int count, char **arguments) {
  alarm(120); // then the signal ends the process
  if (count > 2) {
    cpus[0] = atoi(arguments[1]);
    cpus[1] = atoi(arguments[2]);
  }
  if (count > 3) rounds = atoi(arguments[3]);
  there = make_bell();
  back = make_bell();
  pin(cpus[0]);
  measure("wake");
  by_futex = 1;
  measure("wake-futex");
}
