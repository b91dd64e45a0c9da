// What does a short child process cost, a hundred at once, with all that it prints?
//
// One thread starts them by posix_spawn, reads their output through epoll and learns of their end
// through a pidfd: the same calls as EventletChildren makes, with nothing around them.
//
// Run: gcc -O2 -o children children.c && ./children
//      make bench ARGS=children                       beside its peers

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BATCHES = 7, CHILDREN = 1000, AT_ONCE = 100, EVENTS = 64 };

extern char **environ;

struct child {
  int pid;
  int pidfd;
  int output;
  int printed;
};

static int poller;
static posix_spawnattr_t attributes;

static void die(const char *what, int error) {
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  exit(1);
}

static void watch(int fd, struct child *child) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = child};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl", errno);
}

static void start(void) {
  static char *words[] = {"/bin/echo", "hello", NULL};
  struct child *child = calloc(1, sizeof *child);
  int ends[2];
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || pipe2(ends, O_CLOEXEC) != 0) die("pipe", errno);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, null, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  int error = posix_spawn(&child->pid, words[0], &actions, &attributes, words, environ);
  if (error != 0) die("posix_spawn", error);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  close(null);
  child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
  if (child->pidfd < 0) die("pidfd_open", errno);
  child->output = ends[0];
  watch(child->output, child);
}

// Says whether it is over.
static int go_on(struct child *child) {
  char room[512];
  if (child->output >= 0) {
    ssize_t count;
    while ((count = read(child->output, room, sizeof room)) > 0) child->printed += (int)count;
    if (count < 0) return 0;
    close(child->output);
    child->output = -1;
    if (child->printed != 6) die("not all was printed", 0);
  }
  siginfo_t how = {0};
  waitid(P_PIDFD, (id_t)child->pidfd, &how, WEXITED | WNOHANG);
  if (how.si_pid == 0) {
    watch(child->pidfd, child);
    return 0;
  }
  close(child->pidfd);
  free(child);
  return 1;
}

static void run(int count) {
  struct epoll_event events[EVENTS];
  int started = 0, running = 0, over = 0;
  while (over < count) {
    for (; running < AT_ONCE && started < count; running++, started++) start();
    int ready = epoll_wait(poller, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      if (go_on(events[i].data.ptr)) {
        running--;
        over++;
      }
    }
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_value(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

int main(void) {
  poller = epoll_create1(EPOLL_CLOEXEC);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  run(CHILDREN);
  double nanos[BATCHES];
  for (int i = 0; i < BATCHES; i++) {
    double begun = now();
    run(CHILDREN);
    nanos[i] = (now() - begun) / CHILDREN;
  }
  qsort(nanos, BATCHES, sizeof *nanos, by_value);
  printf("{\"row\":\"children\",\"ns\":%.1f}\n", nanos[BATCHES / 2]);
  return 0;
}
