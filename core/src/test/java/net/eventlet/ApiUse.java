package net.eventlet;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.eventlet.greenlet.Generator;
import net.eventlet.greenlet.Greenlet;
import net.eventlet.greenlet.GreenletExit;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Interest;
import net.eventlet.hubs.Statistics;
import net.eventlet.hubs.Timer;

/// A program that uses every signature of the public face, with the exceptions that it declares and
/// no others. That it compiles is the test; nobody runs it.
@SuppressWarnings({
  "FutureReturnValueIgnored",
  "ModifiedButNotUsed",
  "NullAway",
  "UnusedVariable",
  "try"
})
final class ApiUse {

  private ApiUse() {}

  // ------------------------------------------------------------------------------------ eventlet

  static String running(Callable<String> body, Action action) throws Exception {
    Eventlet.run(action);
    Eventlet.run(() -> System.gc());
    int number = Eventlet.run(() -> 42);
    return Eventlet.run(body) + number;
  }

  static void spawning(Hub hub, Duration delay, Callable<String> body, Action action) {
    GreenThread<String> first = Eventlet.spawn(body);
    GreenThread<Void> second = Eventlet.spawn(action);
    GreenThread<String> third = Eventlet.spawn(hub, body);
    GreenThread<Void> fourth = Eventlet.spawn(hub, action);
    Eventlet.spawnN(action);
    GreenThread<String> fifth = Eventlet.spawnAfter(delay, body);
    GreenThread<Void> sixth = Eventlet.spawnAfter(delay, action);
    GreenThread<Void> seventh = Eventlet.spawnAfterLocal(delay, action);
    GreenThread<?> current = Eventlet.current();
    Eventlet.sleep(delay);
    Eventlet.sleep();
    GreenThread<Integer> lambda = Eventlet.spawn(() -> 42);
    GreenThread<Void> block =
        Eventlet.spawn(() -> {
          Thread.sleep(1);
        });
  }

  static void connecting(SocketAddress address, Duration limit, SocketHandler handler)
      throws IOException {
    GreenServerSocket listener = Eventlet.listen(address);
    GreenServerSocket other = Eventlet.listen(address, ListenOptions.DEFAULT);
    GreenSocket connection = Eventlet.connect(address);
    GreenSocket limited = Eventlet.connect(address, limit);
    Eventlet.serve(listener, handler);
    Eventlet.serve(other, connected -> connected.close(), 10);
    GreenSocket accepted = listener.accept();
  }

  static void sockets(SocketAddress address) throws SocketException {
    Socket socket = new GreenSocket();
    DatagramSocket datagrams = new GreenDatagramSocket();
    DatagramSocket bound = new GreenDatagramSocket(address);
  }

  static void listeners() throws IOException {
    ServerSocket listener = new GreenServerSocket();
  }

  static ListenOptions options() {
    var options = new ListenOptions(50, true, false);
    int backlog = options.backlog();
    boolean shared = options.reuseAddress() && options.reusePort();
    return options.withBacklog(backlog).withReuseAddress(shared).withReusePort(shared);
  }

  static Error unwinding(Unwind unwind) {
    return switch (unwind) {
      case Timeout timeout -> timeout;
      case GreenThreadExit exit -> exit;
    };
  }

  static void exits() {
    Unwind exit = new GreenThreadExit();
    RuntimeException stop = new StopServe();
  }

  // --------------------------------------------------------------------------------- green thread

  static String awaiting(GreenThread<String> thread, Duration limit) throws Exception {
    return thread.await() + thread.await(limit);
  }

  static void controlling(
      GreenThread<String> thread, Throwable cause, Consumer<? super GreenThread<String>> callback) {
    thread.kill();
    thread.kill(cause);
    boolean cancelled = thread.cancel() || thread.cancel(true);
    GreenThread.Link link = thread.link(callback);
    link.close();
    try (var closing = thread.link(ended -> System.gc())) {
      boolean unlinked = thread.unlink(callback);
    }
    String name = thread.name();
    Thread own = thread.thread();
    Hub hub = thread.hub();
    boolean done = thread.isDone() || thread.isCancelled();
  }

  static String getting(Future<String> thread)
      throws InterruptedException, ExecutionException, TimeoutException {
    return thread.get() + thread.get(1, TimeUnit.SECONDS);
  }

  static String gettingFrom(GreenThread<String> thread)
      throws InterruptedException, ExecutionException {
    return thread.get();
  }

  // -------------------------------------------------------------------------------------- timeout

  static String timing(Duration time, Callable<String> body, Action action) throws Exception {
    boolean done = Timeout.run(time, action);
    return Timeout.call(time, body) + Timeout.call(time, body, "fallback") + done;
  }

  static void arming(Duration time) {
    try (Timeout timeout = Timeout.after(time)) {
      boolean pending = timeout.pending();
      timeout.cancel();
    }
  }

  // ----------------------------------------------------------------------------------------- hubs

  static void hubs(Duration delay, Callable<String> body, Runnable action) {
    try (Hub hub = Hub.start("name")) {
      Hub current = Hub.current();
      Future<String> result = hub.spawn(body);
      Executor executor = hub.executor();
      ThreadFactory factory = hub.threadFactory();
      Timer timer = hub.schedule(delay, action);
      timer.cancel();
      Hub.uncaughtHandler((Thread thread, Throwable cause) -> cause.printStackTrace());
      Statistics statistics = hub.statistics();
      int all = statistics.alive() + statistics.runnable() + statistics.timers();
      long switches = statistics.switches();
      var made = new Statistics(1, 2, 3, 4L);
    }
  }

  static void trampolining(Hub hub, Duration limit) throws TimeoutException {
    for (var interest : Interest.values()) {
      hub.trampoline(3, interest, limit);
    }
    switch (Interest.valueOf("READ")) {
      case NONE, READ, WRITE, BOTH -> {}
    }
  }

  // ----------------------------------------------------------------------------------- primitives

  static Optional<String> events(Duration limit) throws Exception {
    var event = new Event<String>();
    event.send("value");
    event.sendException(new IOException());
    boolean ready = event.ready();
    String value = event.await() + event.await(limit);
    return event.poll();
  }

  static void queues() {
    Queue<String> queue = new Queue<>();
    Queue<String> bounded = new Queue<>(10);
    BlockingQueue<String> lifo = new LifoQueue<>();
    Queue<String> boundedLifo = new LifoQueue<>(10);
    Queue<String> priority = new PriorityQueue<>();
    PriorityQueue<String> boundedPriority = new PriorityQueue<>(10);
    PriorityQueue<String> ordered = new PriorityQueue<>(10, Comparator.reverseOrder());
    String item = queue.get();
    queue.put(item);
    queue.taskDone();
    queue.join();
    queue.resize(5);
    boolean offered = queue.offer(item);
    item = queue.poll();
    item = queue.peek();
    int room = queue.remainingCapacity() + queue.size();
    Collection<Object> target = new ArrayList<>();
    int drained = queue.drainTo(target) + queue.drainTo(target, 3);
    Iterator<String> items = queue.iterator();
    queue.close();
  }

  static void limitedQueues(Queue<String> queue, Duration limit) throws TimeoutException {
    String item = queue.get(limit);
    queue.put(item, limit);
  }

  static void queuesOfTheJdk(Queue<String> queue) throws InterruptedException {
    String item = queue.take();
    boolean offered = queue.offer(item, 1, TimeUnit.SECONDS);
    item = queue.poll(1, TimeUnit.SECONDS);
  }

  static void semaphores(Duration limit) {
    Semaphore semaphore = new Semaphore(1);
    Semaphore bounded = new BoundedSemaphore(1);
    Semaphore capped = new CappedSemaphore(1, 2);
    semaphore.acquire();
    boolean acquired = semaphore.tryAcquire() || semaphore.tryAcquire(limit);
    semaphore.release();
    try (Semaphore.Permit permit = semaphore.hold()) {
      int balance = semaphore.balance();
    }
  }

  /// Made for extension.
  static class OwnSemaphore extends Semaphore {
    OwnSemaphore() {
      super(1);
    }
  }

  // ---------------------------------------------------------------------------------------- pools

  static void pools(Callable<String> body, Action action, List<Integer> items) {
    try (GreenPool pool = new GreenPool();
        GreenPool sized = new GreenPool(10)) {
      GreenThread<String> spawned = pool.spawn(body);
      GreenThread<Void> acting = pool.spawn(action);
      pool.spawnN(action);
      Results<String> mapped = pool.imap(item -> "x" + item, items);
      Results<Integer> both = pool.imap((first, second) -> first + second, items, items);
      Results<String> unordered = pool.imapUnordered(item -> "x" + item, items);
      Results<Integer> starred =
          pool.starmap((first, second) -> first + second, List.of(Map.entry(1, 2)));
      pool.waitAll();
      int all = pool.running() + pool.free() + pool.waiting();
      pool.resize(5);
      ExecutorService executor = pool.executor();
    }
  }

  static void results(Results<String> results) {
    try (results) {
      for (String result : results) {
        System.gc();
      }
      Iterator<String> iterator = results.iterator();
    }
  }

  static void piles(GreenPool pool, Callable<String> body) {
    var pile = new GreenPile<String>();
    var sized = new GreenPile<String>(10);
    var on = new GreenPile<CharSequence>(pool);
    pile.spawn(body);
    on.spawn(body);
    Iterator<String> results = pile.iterator();
    for (CharSequence result : on) {
      System.gc();
    }
  }

  static void pooling(Duration limit) throws Exception {
    try (Pool<String> pool = new Pool<>(4, () -> "item");
        Pool<CharSequence> other = new Pool<>(1, 4, true, () -> "item")) {
      String item = pool.get();
      pool.put(item);
      item = pool.get(limit);
      pool.put(item);
      try (Pool.Item<String> held = pool.item()) {
        item = held.value();
      }
      int all = pool.free() + pool.waiting();
      pool.resize(8);
    }
  }

  static void tokens() throws Exception {
    Pool<TokenPool.Token> pool = new TokenPool(4);
    TokenPool.Token token = new TokenPool(4).get();
  }

  static void dags(
      Map<String, Integer> preload,
      Map<String, List<String>> graph,
      DagPool.Body<String, Integer> body) {
    var dag = new DagPool<String, Integer>();
    var preloaded = new DagPool<String, Integer>(preload);
    GreenThread<Integer> spawned = dag.spawn("a", List.of("b", "c"), body);
    dag.spawnMany(graph, (key, results) -> key.length());
    dag.post("b", 1);
    dag.post("b", 2, true);
    dag.kill("c");
    Integer value = dag.await("a");
    Map<String, Integer> values = dag.await(List.of("a", "b"));
    values = dag.waitAll();
    Iterable<Map.Entry<String, Integer>> each = dag.waitEach();
    each = dag.waitEach(List.of("a"));
    each = dag.waitEachSuccess(List.of("a"));
    Iterable<Map.Entry<String, DagPool.PropagateError>> failures =
        dag.waitEachException(List.of("a"));
    value = dag.get("a", 0);
    Set<String> keys = dag.keys();
    values = dag.items();
    int all = dag.running() + dag.waiting();
    keys = dag.runningKeys();
    Map<String, Set<String>> waitingFor = dag.waitingFor();
    keys = dag.waitingFor("a");
  }

  static Object dagFailures(RuntimeException failure) {
    return switch (failure) {
      case DagPool.Collision collision -> "collision";
      case DagPool.PropagateError error -> error.key();
      default -> failure;
    };
  }

  static String threads(Callable<String> body, CharSequence target) throws Exception {
    CharSequence proxy = TPool.proxy(CharSequence.class, target);
    return TPool.execute(body) + proxy;
  }

  static Integer functions(
      ThrowingFunction<String, Integer> one, ThrowingBiFunction<String, String, Integer> two)
      throws Exception {
    return one.apply("a") + two.apply("b", "c");
  }

  // ------------------------------------------------------------------------------------- greenlet

  static void greenlets(Throwable cause) {
    var greenlet = new Greenlet(first -> first);
    var child = new Greenlet(first -> first, greenlet);
    Greenlet current = Greenlet.current();
    Object answer = greenlet.switchTo();
    answer = greenlet.switchTo("value");
    answer = greenlet.throwTo();
    answer = greenlet.throwTo(cause);
    Greenlet parent = greenlet.parent();
    greenlet.parent(parent);
    boolean alive = greenlet.active() || greenlet.dead();
    Greenlet.Tracer before =
        Greenlet.trace((String event, Greenlet origin, Greenlet target) -> System.gc());
    Error exit = new GreenletExit();
  }

  static void generators() {
    try (var generator = new Generator<String>(out -> out.yield("value"))) {
      boolean more = generator.hasNext();
      String value = generator.next();
      Iterator<String> iterator = generator.iterator();
      for (String each : generator) {
        System.gc();
      }
    }
  }
}
