package net.eventlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The public face is a contract: programs outside of this repository are compiled against it.
///
/// [ApiUse] is such a program.
class ApiTest {

  /// What the contract has and this module does not have yet.
  private static final Set<String> MISSING = Set.of();

  private static final String CONTRACT =
      """
      net.eventlet.Action
        void run() throws Exception
      net.eventlet.BoundedSemaphore
        new(int)
      net.eventlet.CappedSemaphore
        new(int, int)
      net.eventlet.DagPool$Body
        V run(K, Iterable<Map.Entry<K, V>>) throws Exception
      net.eventlet.DagPool$Collision
      net.eventlet.DagPool$PropagateError
        Object key()
      net.eventlet.DagPool
        GreenThread<V> spawn(K, Collection<? extends K>, DagPool.Body<K, V>)
        Iterable<Map.Entry<K, DagPool.PropagateError>> waitEachException(Collection<? extends K>)
        Iterable<Map.Entry<K, V>> waitEach()
        Iterable<Map.Entry<K, V>> waitEach(Collection<? extends K>)
        Iterable<Map.Entry<K, V>> waitEachSuccess(Collection<? extends K>)
        Map<K, Set<K>> waitingFor()
        Map<K, V> await(Collection<? extends K>)
        Map<K, V> items()
        Map<K, V> waitAll()
        Set<K> keys()
        Set<K> runningKeys()
        Set<K> waitingFor(K)
        V await(K)
        V get(K, V)
        int running()
        int waiting()
        new()
        new(Map<? extends K, ? extends V>)
        void kill(K)
        void post(K, V)
        void post(K, V, boolean)
        void spawnMany(Map<? extends K, ? extends Collection<? extends K>>, DagPool.Body<K, V>)
      net.eventlet.Event
        Optional<T> poll() throws Exception
        T await() throws Exception
        T await(Duration) throws Exception
        boolean ready()
        new()
        void send(T)
        void sendException(Throwable)
      net.eventlet.Eventlet
        static <T> GreenThread<T> spawn(Callable<T>)
        static <T> GreenThread<T> spawn(Hub, Callable<T>)
        static <T> GreenThread<T> spawnAfter(Duration, Callable<T>)
        static <T> T run(Callable<T>) throws Exception
        static GreenServerSocket listen(SocketAddress) throws IOException
        static GreenServerSocket listen(SocketAddress, ListenOptions) throws IOException
        static GreenSocket connect(SocketAddress) throws IOException
        static GreenSocket connect(SocketAddress, Duration) throws IOException
        static GreenThread<?> current()
        static GreenThread<Void> spawn(Action)
        static GreenThread<Void> spawn(Hub, Action)
        static GreenThread<Void> spawnAfter(Duration, Action)
        static GreenThread<Void> spawnAfterLocal(Duration, Action)
        static void run(Action) throws Exception
        static void serve(GreenServerSocket, SocketHandler) throws IOException
        static void serve(GreenServerSocket, SocketHandler, int) throws IOException
        static void sleep()
        static void sleep(Duration)
        static void spawnN(Action)
      net.eventlet.GreenDatagramSocket
        new() throws SocketException
        new(SocketAddress) throws SocketException
      net.eventlet.GreenPile
        Iterator<T> iterator()
        new()
        new(GreenPool)
        new(int)
        void spawn(Callable<? extends T>)
      net.eventlet.GreenPool
        <A, B, R> Results<R> imap(ThrowingBiFunction<? super A, ? super B, ? extends R>, \
      Iterable<? extends A>, Iterable<? extends B>)
        <A, B, R> Results<R> starmap(ThrowingBiFunction<? super A, ? super B, ? extends R>, \
      Iterable<? extends Map.Entry<? extends A, ? extends B>>)
        <A, R> Results<R> imap(ThrowingFunction<? super A, ? extends R>, Iterable<? extends A>)
        <A, R> Results<R> imapUnordered(ThrowingFunction<? super A, ? extends R>, Iterable<? \
      extends A>)
        <T> GreenThread<T> spawn(Callable<T>)
        ExecutorService executor()
        GreenThread<Void> spawn(Action)
        int free()
        int running()
        int waiting()
        new()
        new(int)
        void close()
        void resize(int)
        void spawnN(Action)
        void waitAll()
      net.eventlet.GreenServerSocket
        GreenSocket accept() throws IOException
        new() throws IOException
      net.eventlet.GreenSocket
        new()
      net.eventlet.GreenThread$Link
        void close()
      net.eventlet.GreenThread
        GreenThread.Link link(Consumer<? super GreenThread<T>>)
        Hub hub()
        String name()
        T await() throws Exception
        T await(Duration) throws Exception
        T get() throws InterruptedException, ExecutionException
        T get(long, TimeUnit) throws InterruptedException, ExecutionException, TimeoutException
        Thread thread()
        boolean cancel()
        boolean cancel(boolean)
        boolean isCancelled()
        boolean isDone()
        boolean unlink(Consumer<? super GreenThread<T>>)
        void kill()
        void kill(Throwable)
      net.eventlet.GreenThreadExit
        new()
      net.eventlet.LifoQueue
        new()
        new(int)
      net.eventlet.ListenOptions
        ListenOptions withBacklog(int)
        ListenOptions withReuseAddress(boolean)
        ListenOptions withReusePort(boolean)
        String toString()
        boolean equals(Object)
        boolean reuseAddress()
        boolean reusePort()
        int backlog()
        int hashCode()
        new(int, boolean, boolean)
        static ListenOptions DEFAULT
      net.eventlet.Pool$Item
        T value()
        void close()
      net.eventlet.Pool
        Pool.Item<T> item() throws Exception
        T get() throws Exception
        T get(Duration) throws Exception
        int free()
        int waiting()
        new(int, Callable<? extends T>)
        new(int, int, boolean, Callable<? extends T>)
        void close()
        void put(T)
        void resize(int)
      net.eventlet.PriorityQueue
        new()
        new(int)
        new(int, Comparator<? super T>)
      net.eventlet.Queue
        Iterator<T> iterator()
        T get()
        T get(Duration) throws TimeoutException
        T peek()
        T poll()
        T poll(long, TimeUnit) throws InterruptedException
        T take() throws InterruptedException
        boolean offer(T)
        boolean offer(T, long, TimeUnit) throws InterruptedException
        int drainTo(Collection<? super T>)
        int drainTo(Collection<? super T>, int)
        int remainingCapacity()
        int size()
        new()
        new(int)
        void close()
        void join()
        void put(T)
        void put(T, Duration) throws TimeoutException
        void resize(int)
        void taskDone()
      net.eventlet.Results
        Iterator<R> iterator()
        void close()
      net.eventlet.Semaphore$Permit
        void close()
      net.eventlet.Semaphore
        Semaphore.Permit hold()
        boolean tryAcquire()
        boolean tryAcquire(Duration)
        int balance()
        new(int)
        void acquire()
        void release()
      net.eventlet.SocketHandler
        void handle(GreenSocket) throws Exception
      net.eventlet.StopServe
        new()
      net.eventlet.TPool
        static <T> T execute(Callable<T>) throws Exception
        static <T> T proxy(Class<T>, T)
      net.eventlet.ThrowingBiFunction
        R apply(A, B) throws Exception
      net.eventlet.ThrowingFunction
        R apply(A) throws Exception
      net.eventlet.Timeout
        boolean pending()
        static <T> T call(Duration, Callable<T>) throws Exception
        static <T> T call(Duration, Callable<T>, T) throws Exception
        static Timeout after(Duration)
        static boolean run(Duration, Action) throws Exception
        void cancel()
        void close()
      net.eventlet.TokenPool$Token
      net.eventlet.TokenPool
        new(int)
      net.eventlet.Unwind
        new(String)
      net.eventlet.greenlet.Generator$Body
        void run(Generator.Out<T>) throws Exception
      net.eventlet.greenlet.Generator$Out
        void yield(T)
      net.eventlet.greenlet.Generator
        Iterator<T> iterator()
        T next()
        boolean hasNext()
        new(Generator.Body<T>)
        void close()
      net.eventlet.greenlet.Greenlet$Body
        Object run(Object) throws Exception
      net.eventlet.greenlet.Greenlet$Tracer
        void moved(String, Greenlet, Greenlet)
      net.eventlet.greenlet.Greenlet
        Greenlet parent()
        Object switchTo()
        Object switchTo(Object)
        Object throwTo()
        Object throwTo(Throwable)
        boolean active()
        boolean dead()
        new(Greenlet.Body)
        new(Greenlet.Body, Greenlet)
        static Greenlet current()
        static Greenlet.Tracer trace(Greenlet.Tracer)
        void parent(Greenlet)
      net.eventlet.greenlet.GreenletExit
        new()
      net.eventlet.hubs.Hub
        <T> Future<T> spawn(Callable<T>)
        Executor executor()
        Statistics statistics()
        ThreadFactory threadFactory()
        Timer schedule(Duration, Runnable)
        static Hub current()
        static Hub start(String)
        static void uncaughtHandler(BiConsumer<? super Thread, ? super Throwable>)
        void close()
        void trampoline(int, Interest, Duration) throws TimeoutException
      net.eventlet.hubs.Interest
        static Interest BOTH
        static Interest NONE
        static Interest READ
        static Interest WRITE
        static Interest valueOf(String)
        static Interest[] values()
      net.eventlet.hubs.Statistics
        String toString()
        boolean equals(Object)
        int alive()
        int hashCode()
        int runnable()
        int timers()
        long switches()
        new(int, int, int, long)
      net.eventlet.hubs.Timer
        void cancel()
      """;

  /// A type of the contract.
  ///
  /// @param name its binary name
  /// @param members what it must have at least
  record Contract(String name, List<String> members) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Contract> contracts() {
    var contracts = new LinkedHashMap<String, List<String>>();
    var members = new ArrayList<String>();
    for (var line : CONTRACT.lines().toList()) {
      if (line.startsWith(" ")) {
        members.add(line.strip());
      } else {
        members = new ArrayList<>();
        contracts.put(line, members);
      }
    }
    return contracts.entrySet().stream()
        .map(contract -> new Contract(contract.getKey(), contract.getValue()));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void hasWhatTheContractSays(Contract contract) throws Exception {
    if (MISSING.contains(contract.name())) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(contract.name()));
      return;
    }
    var type = Class.forName(contract.name());
    var actual = membersOf(type);

    assertTrue(Modifier.isPublic(type.getModifiers()));
    var missing =
        contract.members().stream()
            .filter(member -> !actual.containsKey(withoutThrows(member)))
            .toList();
    assertEquals(List.of(), missing, () -> "not among " + actual.keySet());
    for (var member : contract.members()) {
      var throwable = throwsOf(member);
      for (var exception : actual.getOrDefault(withoutThrows(member), List.of())) {
        assertTrue(
            isUnchecked(exception) || throwable.stream().anyMatch(name -> isA(exception, name)),
            () -> member + " throws " + exception);
      }
    }
  }

  // ------------------------------------------------------------------------------------- helpers

  private static Map<String, List<Class<?>>> membersOf(Class<?> type) {
    var members = new LinkedHashMap<String, List<Class<?>>>();
    Stream.of(type.getConstructors(), type.getMethods(), type.getDeclaredConstructors())
        .flatMap(Stream::of)
        .map(Executable.class::cast)
        .filter(member -> !Modifier.isPrivate(member.getModifiers()) && !member.isSynthetic())
        .forEach(member -> members.put(signature(member), List.of(member.getExceptionTypes())));
    for (var field : type.getFields()) {
      members.put("static " + simple(field.getGenericType()) + " " + field.getName(), List.of());
    }
    return members;
  }

  private static String signature(Executable member) {
    var text = new StringBuilder();
    if (Modifier.isStatic(member.getModifiers())) {
      text.append("static ");
    }
    if (member.getTypeParameters().length > 0) {
      text.append(
          Arrays.stream(member.getTypeParameters())
              .map(TypeVariable::getName)
              .collect(Collectors.joining(", ", "<", "> ")));
    }
    text.append(
        member instanceof Method method
            ? simple(method.getGenericReturnType()) + " " + method.getName()
            : "new");
    return text.append(
            Arrays.stream(member.getGenericParameterTypes())
                .map(ApiTest::simple)
                .collect(Collectors.joining(", ", "(", ")")))
        .toString();
  }

  private static String simple(Type type) {
    return type.getTypeName().replaceAll("\\b[a-z]+(\\.[a-z]+)*\\.(?=[A-Z])", "").replace('$', '.');
  }

  private static String withoutThrows(String member) {
    var end = member.indexOf(" throws ");
    return end < 0 ? member : member.substring(0, end);
  }

  private static List<String> throwsOf(String member) {
    var end = member.indexOf(" throws ");
    return end < 0 ? List.of() : List.of(member.substring(end + " throws ".length()).split(", "));
  }

  private static boolean isUnchecked(Class<?> exception) {
    return RuntimeException.class.isAssignableFrom(exception)
        || Error.class.isAssignableFrom(exception);
  }

  private static boolean isA(Class<?> exception, String name) {
    for (Class<?> type = exception; type != null; type = type.getSuperclass()) {
      if (type.getSimpleName().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
