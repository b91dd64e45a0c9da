// How little can a web server cost on epoll? The limit that every other one is measured against.
//
// It looks for the end of each request's head and for `Connection: close`, and answers with the same
// text and the true date; it checks nothing else. Requests that came together are answered together.
//
// Run: gcc -O2 -o http http.c && ./http [SECONDS]     the port is the first line of output
//      make bench ARGS=http                           beside its peers

#include "server.h"
#include <time.h>

enum { REQUESTS = 256 }; // answered by one send

static struct unsent partial[DESCRIPTORS]; // the beginning of a request, by file descriptor
static char answers[REQUESTS * 160];
static size_t answer_length, date_at;
static time_t dated;

// Writes the answer, as often as there is room for, and again when the second is another.
static void write_answers(time_t now) {
  static const char head[] =
      "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 13\r\ndate: ";
  struct tm parts;
  gmtime_r(&now, &parts);
  date_at = sizeof head - 1;
  memcpy(answers, head, date_at);
  size_t length = strftime(answers + date_at, 64, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  static const char tail[] = "\r\n\r\nHello, World!";
  memcpy(answers + date_at + length, tail, sizeof tail - 1);
  answer_length = date_at + length + sizeof tail - 1;
  for (size_t i = 1; i < REQUESTS; i++) memcpy(answers + i * answer_length, answers, answer_length);
  dated = now;
}

static int answer(int fd, size_t count) {
  time_t now = time(NULL);
  if (now != dated) write_answers(now);
  return send_or_keep(fd, answers, count * answer_length);
}

// Answers the requests in `bytes`. Returns how many bytes they are, or -1 to hang up.
static ssize_t answer_all(int fd, const char *bytes, size_t length) {
  const char *at = bytes, *const end = bytes + length;
  size_t count = 0;
  for (const char *blank; (blank = memmem(at, (size_t)(end - at), "\r\n\r\n", 4)) != NULL;) {
    int last = memmem(at, (size_t)(blank - at), "Connection: close", 17) != NULL;
    at = blank + 4;
    if (++count == REQUESTS || last) {
      if (answer(fd, count) != 0 || last) return -1;
      count = 0;
    }
  }
  return count > 0 && answer(fd, count) != 0 ? -1 : at - bytes;
}

static int handle(int fd, const char *bytes, size_t length) {
  struct unsent kept = partial[fd];
  char *both = NULL;
  if (kept.length > 0) {
    both = malloc(kept.length + length);
    if (both == NULL) die("malloc");
    memcpy(both, kept.bytes, kept.length);
    memcpy(both + kept.length, bytes, length);
    bytes = both;
    length += kept.length;
    forget(fd);
  }
  ssize_t used = answer_all(fd, bytes, length);
  if (used >= 0 && (size_t)used < length) {
    size_t rest = length - (size_t)used;
    char *copy = malloc(rest);
    if (copy == NULL) die("malloc");
    memcpy(copy, bytes + used, rest);
    partial[fd] = (struct unsent){copy, rest};
  }
  free(both);
  return used < 0 ? -1 : 0;
}

static void forget(int fd) {
  free(partial[fd].bytes);
  partial[fd] = (struct unsent){0};
}
