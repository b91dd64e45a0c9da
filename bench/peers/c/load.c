// How fast does a server answer, and what does that cost it?
//
// One thread, one epoll, any number of connections. Each sends a request, waits for the whole
// answer, checks it, and sends the next; or, with --rate, sends so many a second whether the server
// keeps up or not, with latency counted from when a request was due. Every echoed line names its
// connection, so an answer that went to the wrong one is noticed.
//
// Run: gcc -O2 -o load load.c && ./load --port PORT [--pid SERVER] [--connections 64] [--seconds 5]
//      make bench ARGS=echo                           which pins it to a CPU of its own
//
//   --mode line     a line, which comes back (the default); --bytes 32 with its line feed
//   --mode http     GET --path / on a kept-alive connection; --pipeline 16 requests in one send
//   --mode websocket  a text of --bytes in a masked frame, which comes back in one without
//   --mode close    GET on a connection of its own each time, until the server closes
//   --rate 1        requests a second and connection (it may be 0.1); without it, as fast as possible
//   --pool          with --rate and --mode http: a request goes to any connection that is free, or
//                   waits for one; a connection that rests, or whose answer says so, may be closed
//                   by the server, and is opened again
//   --warmup 1      seconds before counting begins
//   --ramp 64       connections being opened at a time
//   --sources 1     local addresses 127.0.0.1, 127.0.0.2, … to connect from, for many connections
//   --pid 1,2       processes whose CPU time and memory are read as counting begins and ends; the
//                   times of their children that have ended are in it
//
// The last line of output is one JSON object. Latencies are of a send's last answer. The status is
// 1 if anything went wrong on any connection at any time.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  EVENTS = 512,
  BUFFER = 1 << 20,
  HEAD_MAX = 16 * 1024, // more than this before an empty line is no HTTP answer
  ERRORS_MAX = 10000,   // then it is pointless to go on
  DRAIN_SECONDS = 5,    // an answer that takes longer never comes
  SUB_BUCKETS = 64,     // a power of two; latencies are exact to 1 in 64
};

enum mode { LINE, HTTP, CLOSE, WEBSOCKET };

static enum mode mode = LINE;
static int port, connections_wanted = 64, pipeline = 1, ramp = 64, sources = 1, line_bytes = 32;
static int pool;
static double seconds = 5, warmup = 1, rate;
static const char *path = "/", *pids = "";

// ---- what is counted ---------------------------------------------------------------------------

static uint64_t answers, sends, late, reopened;
static uint64_t refused, resets, closed, wrong, bad_status, stalled;
static uint64_t histogram[64 * SUB_BUCKETS], latency_max;

static uint64_t errors(void) {
  return refused + resets + closed + wrong + bad_status + stalled;
}

static unsigned bucket_of(uint64_t value) {
  if (value < SUB_BUCKETS) return (unsigned)value;
  unsigned shift = 63u - (unsigned)__builtin_clzll(value) - 6; // SUB_BUCKETS is 2 to the 6th
  return (shift + 1) * SUB_BUCKETS + (unsigned)((value >> shift) - SUB_BUCKETS);
}

static uint64_t value_of(unsigned bucket) {
  if (bucket < SUB_BUCKETS) return bucket;
  unsigned shift = bucket / SUB_BUCKETS - 1;
  return (uint64_t)(SUB_BUCKETS + bucket % SUB_BUCKETS) << shift;
}

static double percentile_micros(double fraction) {
  uint64_t seen = 0, total = sends;
  if (total == 0) return 0;
  for (unsigned i = 0; i < 64 * SUB_BUCKETS; i++) {
    seen += histogram[i];
    if (seen > 0 && seen >= fraction * total) return value_of(i) / 1e3;
  }
  return latency_max / 1e3;
}

// ---- connections -------------------------------------------------------------------------------

enum state { DOWN, CONNECTING, UPGRADING, IDLE, WAITING };

enum part { HEAD, BODY, CHUNK_SIZE, CHUNK, TRAILER, UNTIL_CLOSED };

struct connection {
  int fd;
  enum state state;
  enum part part;       // of an HTTP answer, that the next byte belongs to
  int due;              // answers still to come for the last send
  int complete;         // the answer is whole, only the close is missing
  int last;             // the answer says that the server closes
  size_t unsent;        // bytes of the request that the socket had no room for
  size_t received;      // bytes of the echoed line so far
  uint64_t left;        // bytes of the body or chunk still to come
  uint64_t since;       // when the request was sent, or due
  char *partial;        // the beginning of a head that has not come whole
  size_t partial_length;
};

static struct connection *connections;
static int poller, opening, open_now;
static int may_send, counting; // the phases: connect, warm up, count, drain
static char *request, *lines, *echoes;
static size_t request_length, echo_length;
static char buffer[BUFFER];

static void die(const char *what) {
  perror(what);
  exit(2);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static const char *request_of(struct connection *c) {
  return mode == LINE || mode == WEBSOCKET ? lines + (c - connections) * request_length : request;
}

static const char *echo_of(struct connection *c) {
  return mode == WEBSOCKET ? echoes + (c - connections) * echo_length : request_of(c);
}

static void shut(struct connection *c) {
  if (c->state == DOWN) return;
  if (c->state == CONNECTING || c->state == UPGRADING) opening--; else open_now--;
  close(c->fd);
  free(c->partial);
  *c = (struct connection){.fd = -1, .state = DOWN};
}

static void fail(struct connection *c, uint64_t *counter) {
  ++*counter;
  shut(c);
}

static void fail_by_errno(struct connection *c) {
  fail(c, errno == ECONNREFUSED || errno == EADDRNOTAVAIL || errno == ETIMEDOUT ? &refused : &resets);
}

// Leaves a connection that the server has closed, or will, to be opened again.
static void reopen(struct connection *c) {
  reopened++;
  shut(c);
}

static void send_rest(struct connection *c) {
  const char *bytes = request_of(c);
  while (c->unsent > 0) {
    ssize_t sent = send(c->fd, bytes + request_length - c->unsent, c->unsent, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) fail_by_errno(c);
      return;
    }
    c->unsent -= (size_t)sent;
  }
}

static void send_request(struct connection *c, uint64_t since) {
  c->state = WAITING;
  c->since = since;
  c->due = pipeline;
  c->received = 0;
  c->complete = 0;
  c->last = 0;
  c->part = HEAD;
  c->unsent = request_length;
  send_rest(c);
}

// Asks for a WebSocket; the answer is a head alone.
static void upgrade(struct connection *c) {
  static const char ask[] =
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  c->state = UPGRADING;
  if (send(c->fd, ask, sizeof ask - 1, MSG_NOSIGNAL) != sizeof ask - 1) fail_by_errno(c);
}

static void connected(struct connection *c) {
  if (mode == WEBSOCKET && c->state == CONNECTING) {
    upgrade(c);
    return;
  }
  opening--;
  open_now++;
  c->state = IDLE;
  if (mode == CLOSE) {
    send_request(c, c->since);
  } else if (may_send && rate == 0) {
    send_request(c, now());
  }
}

static void open_connection(struct connection *c) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket");
  *c = (struct connection){.fd = fd, .state = CONNECTING, .since = now()};
  opening++;
  int on = 1;
  if (mode != CLOSE) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (sources > 1) {
    struct sockaddr_in from = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)((c - connections) % sources))};
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0) die("bind");
  }
  struct sockaddr_in to = {
      .sin_family = AF_INET,
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
      .sin_port = htons((uint16_t)port)};
  int result = connect(fd, (struct sockaddr *)&to, sizeof to);
  if (result != 0 && errno != EINPROGRESS) {
    fail_by_errno(c);
    return;
  }
  struct epoll_event event = {
      .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
  if (result == 0) connected(c);
}

// ---- answers -----------------------------------------------------------------------------------

static void answered(struct connection *c) {
  uint64_t time = now();
  if (counting) {
    uint64_t latency = time - c->since;
    histogram[bucket_of(latency)]++;
    if (latency > latency_max) latency_max = latency;
    answers += (uint64_t)pipeline;
    sends++;
  }
  c->state = IDLE;
  if (mode == CLOSE) {
    shut(c);
    if (may_send) open_connection(c);
  } else if (pool && c->last) {
    reopen(c);
  } else if (may_send && rate == 0) {
    send_request(c, time);
  }
}

// Takes what came of an echoed line. Returns 0 if it is not what was sent.
static int take_line(struct connection *c, const char *bytes, size_t length) {
  if (c->state != WAITING || c->received + length > echo_length ||
      memcmp(bytes, echo_of(c) + c->received, length) != 0) {
    return 0;
  }
  c->received += length;
  if (c->received == echo_length) answered(c);
  return 1;
}

// Takes what came of the answer to an upgrade, which comes in one piece. Returns 0 if it is none.
static int take_upgrade(struct connection *c, const char *bytes, size_t length) {
  if (length < 16 || memcmp(bytes, "HTTP/1.1 101", 12) != 0 ||
      memcmp(bytes + length - 4, "\r\n\r\n", 4) != 0) {
    return 0;
  }
  connected(c);
  return 1;
}

// The last head that was read whole. Servers answer alike, so the next one is most often the same
// but for its date, and needs no reading.
static struct {
  size_t length, status_length, field, field_length;
  int closes;
  char status[64], field_text[64];
  uint64_t body;
} last;

static int is_like_last(const char *head, size_t length) {
  return last.length > 0 && length >= last.length &&
      memcmp(head, last.status, last.status_length) == 0 &&
      memcmp(head + last.length - 4, "\r\n\r\n", 4) == 0 &&
      memcmp(head + last.field, last.field_text, last.field_length) == 0;
}

// Reads a head that ends at `end`, and sets which part follows. Returns 0 if it is malformed.
static int read_head(struct connection *c, const char *head, const char *end) {
  if (end - head < 16 || memcmp(head, "HTTP/1.", 7) != 0) return 0;
  int status = atoi(head + 9);
  if (status < 200 || status > 299) bad_status++;
  c->part = mode == CLOSE ? UNTIL_CLOSED : HEAD;
  const char *line_end = memchr(head, '\r', (size_t)(end - head));
  size_t status_length = (size_t)(line_end - head);
  int kept = 0;
  for (const char *line = line_end + 2; line < end; line = line_end + 2) {
    line_end = memchr(line, '\r', (size_t)(end - line));
    if (line_end == NULL || line_end == line) break;
    if (strncasecmp(line, "content-length:", 15) == 0) {
      c->left = strtoull(line + 15, NULL, 10);
      c->part = BODY;
      size_t field_length = (size_t)(line_end - line) + 1; // with the \r, or 12 would be like 1
      if (status < 300 && status_length < sizeof last.status && field_length < sizeof last.field_text) {
        last.length = (size_t)(end - head);
        last.status_length = status_length;
        memcpy(last.status, head, status_length);
        last.field = (size_t)(line - head);
        last.field_length = field_length;
        memcpy(last.field_text, line, field_length);
        last.body = c->left;
        kept = 1;
      }
    } else if (strncasecmp(line, "transfer-encoding: chunked", 26) == 0) {
      c->part = CHUNK_SIZE;
    } else if (strncasecmp(line, "connection: close", 17) == 0) {
      c->last = 1;
    }
  }
  if (kept) last.closes = c->last;
  return c->part != HEAD;
}

// Takes what came of HTTP answers. Returns how much of it was used, or -1 if it is malformed.
static ssize_t take_http(struct connection *c, const char *bytes, size_t length) {
  const char *at = bytes, *const end = bytes + length;
  while (at < end) {
    size_t rest = (size_t)(end - at);
    int whole = 0;
    if (c->state != WAITING || c->complete) return -1; // more than was asked for
    switch (c->part) {
      case HEAD:
        if (is_like_last(at, rest)) {
          c->part = BODY;
          c->left = last.body;
          c->last = last.closes;
          at += last.length;
        } else {
          const char *blank = memmem(at, rest, "\r\n\r\n", 4);
          if (blank == NULL) return rest > HEAD_MAX ? -1 : at - bytes;
          if (!read_head(c, at, blank + 4)) return -1;
          at = blank + 4;
        }
        whole = c->part == BODY && c->left == 0;
        break;
      case BODY:
      case CHUNK: {
        uint64_t used = rest < c->left ? rest : c->left;
        at += used;
        c->left -= used;
        if (c->left == 0) {
          if (c->part == CHUNK) c->part = CHUNK_SIZE; else whole = 1;
        }
        break;
      }
      case CHUNK_SIZE:
      case TRAILER: {
        const char *line_end = memmem(at, rest, "\r\n", 2);
        if (line_end == NULL) return rest > HEAD_MAX ? -1 : at - bytes;
        if (c->part == TRAILER) {
          whole = line_end == at;
        } else if (!isxdigit((unsigned char)*at)) {
          return -1;
        } else {
          c->left = strtoull(at, NULL, 16);
          c->part = c->left == 0 ? TRAILER : CHUNK;
          c->left += 2;
        }
        at = line_end + 2;
        break;
      }
      case UNTIL_CLOSED:
        return (ssize_t)length;
    }
    if (whole) {
      c->part = HEAD;
      if (mode == CLOSE) {
        c->complete = 1;
      } else if (--c->due == 0) {
        if (at != end) return -1; // more than was asked for
        answered(c);
      }
    }
  }
  return at - bytes;
}

static int take(struct connection *c, size_t length) {
  if (c->state == UPGRADING) return take_upgrade(c, buffer, length);
  if (mode == LINE || mode == WEBSOCKET) return take_line(c, buffer, length);
  ssize_t used = take_http(c, buffer, length);
  if (used < 0) return 0;
  if (c->state == DOWN) return 1;
  size_t rest = length - (size_t)used;
  if (rest > 0) {
    char *kept = malloc(rest);
    if (kept == NULL) die("malloc");
    memcpy(kept, buffer + used, rest);
    free(c->partial);
    c->partial = kept;
  } else if (c->partial != NULL) {
    free(c->partial);
    c->partial = NULL;
  }
  c->partial_length = rest;
  return 1;
}

static void at_end(struct connection *c) {
  if (pool && c->state == IDLE) {
    reopen(c);
    return;
  }
  int done = mode == CLOSE && c->state == WAITING && (c->complete || c->part == UNTIL_CLOSED);
  if (done) {
    answered(c);
  } else {
    fail(c, &closed);
  }
}

static void ready(struct connection *c, uint32_t events) {
  if (c->state == CONNECTING) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
      errno = error;
      fail_by_errno(c);
      return;
    }
    if (!(events & EPOLLOUT)) return;
    connected(c);
  } else if (c->unsent > 0 && events & EPOLLOUT) {
    send_rest(c);
  }
  if (c->state == DOWN || !(events & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP))) return;
  for (int fd = c->fd;;) {
    size_t kept = c->partial_length;
    if (kept > 0) memcpy(buffer, c->partial, kept);
    ssize_t received = recv(fd, buffer + kept, sizeof buffer - kept, 0);
    if (received < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return;
      if (pool && c->state == IDLE) reopen(c); else fail_by_errno(c);
      return;
    }
    if (received == 0) {
      at_end(c);
      return;
    }
    if (!take(c, kept + (size_t)received)) {
      fail(c, &wrong);
      return;
    }
    if (c->state == DOWN || c->fd != fd) return;
    if (kept + (size_t)received < sizeof buffer && !(events & (EPOLLRDHUP | EPOLLERR | EPOLLHUP))) {
      return;
    }
  }
}

// ---- the process that serves -------------------------------------------------------------------

struct usage {
  double user, system, rss_kilobytes;
};

static struct usage usage_of_servers(void) {
  struct usage sum = {0};
  for (const char *next = pids; *next != '\0';) {
    char name[64], text[1024], *rest;
    long pid = strtol(next, &rest, 10);
    next = *rest == ',' ? rest + 1 : "";
    snprintf(name, sizeof name, "/proc/%ld/stat", pid);
    FILE *file = fopen(name, "r");
    if (file == NULL) die(name);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    char *fields = strrchr(text, ')'); // the name before it may hold anything
    unsigned long user, system;
    long ended_user, ended_system, pages; // of children that were waited for
    if (fields == NULL ||
        sscanf(fields + 2,
            "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld %*d %*d %*d %*d %*u %*u %ld",
            &user, &system, &ended_user, &ended_system, &pages) != 5) {
      die("cannot read the server's times");
    }
    double tick = 1.0 / sysconf(_SC_CLK_TCK);
    sum.user += (user + (unsigned long)ended_user) * tick;
    sum.system += (system + (unsigned long)ended_system) * tick;
    sum.rss_kilobytes += pages * (sysconf(_SC_PAGESIZE) / 1024.0);
  }
  return sum;
}

static double own_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
      (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// ---- the run -----------------------------------------------------------------------------------

static void make_requests(void) {
  if (mode == LINE) {
    request_length = echo_length = (size_t)line_bytes;
    lines = malloc(request_length * (size_t)connections_wanted + 1);
    if (lines == NULL) die("malloc");
    for (int i = 0; i < connections_wanted; i++) {
      char *line = lines + (size_t)i * request_length, name[16];
      for (int j = 0; j < line_bytes; j++) line[j] = (char)('a' + (i + j) % 26);
      int length = snprintf(name, sizeof name, "%07d ", i);
      if (length < line_bytes) memcpy(line, name, (size_t)length);
      line[line_bytes - 1] = '\n';
    }
    return;
  }
  if (mode == WEBSOCKET) {
    static const char mask[] = {0x12, 0x34, 0x56, 0x78};
    request_length = (size_t)line_bytes + 6;
    echo_length = (size_t)line_bytes + 2;
    lines = malloc(request_length * (size_t)connections_wanted);
    echoes = malloc(echo_length * (size_t)connections_wanted);
    if (lines == NULL || echoes == NULL) die("malloc");
    for (int i = 0; i < connections_wanted; i++) {
      char *frame = lines + (size_t)i * request_length, *echo = echoes + (size_t)i * echo_length;
      frame[0] = echo[0] = (char)0x81;
      frame[1] = (char)(0x80 | line_bytes);
      echo[1] = (char)line_bytes;
      memcpy(frame + 2, mask, sizeof mask);
      for (int j = 0; j < line_bytes; j++) {
        echo[2 + j] = (char)('a' + (i + j) % 26);
        frame[6 + j] = (char)(echo[2 + j] ^ mask[j % 4]);
      }
    }
    return;
  }
  char one[1024];
  int length = snprintf(one, sizeof one, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n", path, port,
      mode == CLOSE ? "Connection: close\r\n" : "");
  if (length < 0 || length >= (int)sizeof one) die("the path is too long");
  request_length = (size_t)length * (size_t)pipeline;
  request = malloc(request_length + 1);
  if (request == NULL) die("malloc");
  for (int i = 0; i < pipeline; i++) memcpy(request + i * length, one, (size_t)length);
}

static void turn(uint64_t until) {
  static struct epoll_event events[EVENTS];
  uint64_t time = now();
  uint64_t wait = until > time ? until - time : 0;
  if (wait > 100000000) wait = 100000000;
  struct timespec timeout = {0, (long)wait};
  int count = epoll_pwait2(poller, events, EVENTS, &timeout, NULL);
  if (count < 0 && errno != EINTR) die("epoll_pwait2");
  for (int i = 0; i < count; i++) ready(events[i].data.ptr, events[i].events);
  if (errors() > ERRORS_MAX) {
    fprintf(stderr, "more than %d errors; giving up\n", ERRORS_MAX);
    exit(1);
  }
}

static void open_missing(void) {
  static int next;
  for (int i = 0; i < connections_wanted && opening < ramp; i++) {
    struct connection *c = &connections[next++ % connections_wanted];
    if (c->state == DOWN) open_connection(c);
    if (open_now + opening >= connections_wanted) return;
  }
}

// The first one that may take a request, from `c` on, or NULL.
static struct connection *free_connection(struct connection *c) {
  for (int i = 0; i < connections_wanted; i++, c++) {
    if (c == connections + connections_wanted) c = connections;
    if (c->state == IDLE) return c;
  }
  return NULL;
}

// Sends what is due. Returns 0 if more is due, for which no connection is free.
static int send_due(uint64_t start, uint64_t *slot) {
  double interval = 1e9 / rate / connections_wanted;
  for (uint64_t time = now();; ++*slot) {
    uint64_t due = start + (uint64_t)(*slot * interval);
    if (due > time) return 1;
    struct connection *c = &connections[*slot % (uint64_t)connections_wanted];
    if (pool) {
      c = free_connection(c);
      if (c == NULL) return 0; // it goes out later, with the time at which it was due
    }
    if (c->state == IDLE) {
      send_request(c, due);
    } else if (counting) {
      late++; // the last answer has not come: this request is not sent
    }
  }
}

// One phase: keeps everything going for so long.
static void go_on(uint64_t start, uint64_t end, uint64_t *slot) {
  uint64_t time;
  while ((time = now()) < end) {
    if (open_now + opening < connections_wanted) open_missing();
    uint64_t until = end;
    if (rate > 0) {
      int sent = send_due(start, slot);
      uint64_t due = start + (uint64_t)(*slot * (1e9 / rate / connections_wanted));
      if (sent && due < until) until = due;
    }
    turn(until);
  }
}

static int waiting(void) {
  int count = 0;
  for (int i = 0; i < connections_wanted; i++) count += connections[i].state == WAITING;
  return count;
}

static void parse(int count, char **arguments) {
  static const struct option options[] = {
      {"port", 1, NULL, 'p'},     {"connections", 1, NULL, 'c'}, {"seconds", 1, NULL, 's'},
      {"warmup", 1, NULL, 'w'},   {"mode", 1, NULL, 'm'},        {"bytes", 1, NULL, 'b'},
      {"pipeline", 1, NULL, 'd'}, {"rate", 1, NULL, 'r'},        {"ramp", 1, NULL, 'a'},
      {"sources", 1, NULL, 'o'},  {"pid", 1, NULL, 'i'},         {"path", 1, NULL, 'u'},
      {"pool", 0, NULL, 'l'},
      {NULL, 0, NULL, 0}};
  for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
    switch (option) {
      case 'p': port = atoi(optarg); break;
      case 'c': connections_wanted = atoi(optarg); break;
      case 's': seconds = atof(optarg); break;
      case 'w': warmup = atof(optarg); break;
      case 'm':
        if (strcmp(optarg, "line") == 0) mode = LINE;
        else if (strcmp(optarg, "http") == 0) mode = HTTP;
        else if (strcmp(optarg, "close") == 0) mode = CLOSE;
        else if (strcmp(optarg, "websocket") == 0) mode = WEBSOCKET;
        else {
          fprintf(stderr, "--mode is line, http, websocket or close, not %s\n", optarg);
          exit(2);
        }
        break;
      case 'b': line_bytes = atoi(optarg); break;
      case 'd': pipeline = atoi(optarg); break;
      case 'r': rate = atof(optarg); break;
      case 'a': ramp = atoi(optarg); break;
      case 'o': sources = atoi(optarg); break;
      case 'i': pids = optarg; break;
      case 'u': path = optarg; break;
      case 'l': pool = 1; break;
      default: exit(2);
    }
  }
  if (mode != HTTP) pipeline = 1;
  if (port <= 0 || port > 65535 || connections_wanted <= 0 || connections_wanted > 1000000 ||
      seconds <= 0 || seconds > 3600 || warmup < 0 || warmup > 3600 || line_bytes < 2 ||
      line_bytes > BUFFER || pipeline < 1 || pipeline > 1024 || rate < 0 || ramp < 1 ||
      sources < 1 || sources > 250 || (mode == CLOSE && rate > 0) ||
      (mode == WEBSOCKET && line_bytes > 125) || (pool && (mode != HTTP || rate == 0))) {
    fprintf(stderr, "usage: load --port PORT … (the comment at the top of load.c lists the rest); "
        "each number must be positive, --mode close has no --rate, and --pool needs one\n");
    exit(2);
  }
}

int main(int count, char **arguments) {
  parse(count, arguments);
  make_requests();
  connections = calloc((size_t)connections_wanted, sizeof *connections);
  if (connections == NULL) die("calloc");
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) die("epoll_create1");

  uint64_t begin = now(), slot = 0;
  if (mode == CLOSE) {
    may_send = 1;
  } else {
    while (open_now < connections_wanted) {
      open_missing();
      turn(now() + 10000000);
      if (now() - begin > 60000000000u) {
        fprintf(stderr, "only %d of %d connections open after a minute\n", open_now,
            connections_wanted);
        exit(1);
      }
    }
    may_send = 1;
    if (rate == 0) {
      for (int i = 0; i < connections_wanted; i++) {
        if (connections[i].state == IDLE) send_request(&connections[i], now());
      }
    }
  }
  double opened_after = (now() - begin) / 1e9;

  uint64_t start = now();
  go_on(start, start + (uint64_t)(warmup * 1e9), &slot);

  counting = 1;
  struct usage before = usage_of_servers();
  double own_before = own_seconds();
  uint64_t counted_from = now();
  go_on(start, counted_from + (uint64_t)(seconds * 1e9), &slot);
  counting = 0;
  double elapsed = (now() - counted_from) / 1e9;
  struct usage after = usage_of_servers();
  double own = own_seconds() - own_before;
  int open_at_end = open_now;

  may_send = 0;
  for (uint64_t limit = now() + DRAIN_SECONDS * 1000000000ull; waiting() > 0 && now() < limit;) {
    turn(now() + 100000000);
  }
  stalled = (uint64_t)waiting();

  double each = answers > 0 ? 1e6 / answers : 0;
  printf("{\"row\":\"load\",\"requests\":%llu,\"seconds\":%.3f,\"per_second\":%.0f,",
      (unsigned long long)answers, elapsed, answers / elapsed);
  printf("\"connections\":%d,\"opened_after\":%.3f,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,"
         "\"p999_us\":%.1f,\"max_us\":%.1f,",
      open_at_end, opened_after, percentile_micros(0.5), percentile_micros(0.9),
      percentile_micros(0.99), percentile_micros(0.999), latency_max / 1e3);
  if (*pids != '\0') {
    printf("\"user_us\":%.4f,\"system_us\":%.4f,\"cpu_us\":%.4f,\"server_busy\":%.3f,"
           "\"server_rss_kb\":%.0f,\"server_rss_grown_kb\":%.0f,",
        (after.user - before.user) * each, (after.system - before.system) * each,
        (after.user - before.user + after.system - before.system) * each,
        (after.user - before.user + after.system - before.system) / elapsed, after.rss_kilobytes,
        after.rss_kilobytes - before.rss_kilobytes);
  }
  printf("\"load_busy\":%.3f,\"errors\":%llu,\"refused\":%llu,\"reset\":%llu,\"closed\":%llu,"
         "\"wrong\":%llu,\"status\":%llu,\"stalled\":%llu,\"late\":%llu,\"reopened\":%llu}\n",
      own / elapsed, (unsigned long long)errors(), (unsigned long long)refused,
      (unsigned long long)resets, (unsigned long long)closed, (unsigned long long)wrong,
      (unsigned long long)bad_status, (unsigned long long)stalled, (unsigned long long)late, (unsigned long long)reopened);
  return errors() > 0 ? 1 : 0;
}
