package net.eventlet.green.coverage;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static net.eventlet.green.coverage.Behaviour.BLOCKS;
import static net.eventlet.green.coverage.Behaviour.POOLED;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.zip.ZipFile;
import net.eventlet.green.coverage.Probe.Wait;

/// Waits for files.
///
/// Files on a disk cannot be made to be slow. What can be is a named pipe, whose opening waits for
/// the other side, and a lock: both reach the kernel by the same calls.
final class FileProbes {

  private static final byte[] ONE = {1};
  private static final byte[] MANY = new byte[200_000]; // more than a pipe holds

  static final List<Probe> ALL =
      List.of(
          blocks(
              "files",
              "Files.readAllBytes of a named pipe",
              (wait, pipe) -> {
                wait.begin(() -> Files.write(pipe, ONE));
                Files.readAllBytes(pipe);
              }),
          blocks(
              "files",
              "Files.newByteChannel of a named pipe",
              (wait, pipe) -> {
                wait.begin(() -> new FileOutputStream(pipe.toFile()).close());
                Files.newByteChannel(pipe).close();
              }),
          blocks(
              "files",
              "Files.copy of a named pipe",
              (wait, pipe) -> {
                wait.begin(() -> Files.write(pipe, ONE));
                Files.copy(pipe, PrintStream.nullOutputStream());
              }),
          blocks(
              "file streams",
              "new FileInputStream of a named pipe",
              (wait, pipe) -> {
                wait.begin(() -> new FileOutputStream(pipe.toFile()).close());
                new FileInputStream(pipe.toFile()).close();
              }),
          blocks(
              "file streams",
              "new FileOutputStream of a named pipe",
              (wait, pipe) -> {
                wait.begin(() -> new FileInputStream(pipe.toFile()).close());
                new FileOutputStream(pipe.toFile()).close();
              }),
          blocks(
              "file streams",
              "FileInputStream.read",
              (wait, pipe) -> {
                try (var both = new RandomAccessFile(pipe.toFile(), "rw");
                    var in = new FileInputStream(pipe.toFile())) {
                  wait.begin(() -> both.write(1));
                  in.read();
                }
              }),
          blocks(
              "file streams",
              "FileOutputStream.write",
              (wait, pipe) -> {
                try (var both = new RandomAccessFile(pipe.toFile(), "rw");
                    var out = new FileOutputStream(pipe.toFile())) {
                  wait.begin(() -> both.readFully(new byte[MANY.length]));
                  out.write(MANY);
                  wait.end();
                }
              }),
          blocks(
              "file streams",
              "FileReader.read",
              (wait, pipe) -> {
                try (var both = new RandomAccessFile(pipe.toFile(), "rw");
                    var in = new FileReader(pipe.toFile())) {
                  wait.begin(() -> both.write(1));
                  in.read();
                }
              }),
          blocks(
              "file streams",
              "RandomAccessFile.read",
              (wait, pipe) -> {
                try (var both = new RandomAccessFile(pipe.toFile(), "rw")) {
                  wait.begin(() -> Files.write(pipe, ONE));
                  both.read();
                }
              }),
          blocks(
              "file channels",
              "FileChannel.read",
              (wait, pipe) -> {
                try (var both = FileChannel.open(pipe, READ, WRITE)) {
                  wait.begin(() -> Files.write(pipe, ONE));
                  both.read(ByteBuffer.allocate(1));
                }
              }),
          blocks(
              "file channels",
              "FileChannel.write",
              (wait, pipe) -> {
                try (var both = FileChannel.open(pipe, READ, WRITE);
                    var in = new FileInputStream(pipe.toFile())) {
                  wait.begin(() -> in.readNBytes(MANY.length));
                  both.write(ByteBuffer.wrap(MANY));
                  wait.end();
                }
              }),
          blocks(
              "archives",
              "new ZipFile of a named pipe",
              (wait, pipe) -> {
                wait.begin(() -> new FileOutputStream(pipe.toFile()).close());
                assertThrows(IOException.class, () -> new ZipFile(pipe.toFile()));
              }),
          blocks(
              "streams",
              "PrintStream.println into a named pipe",
              (wait, pipe) -> {
                try (var both = new RandomAccessFile(pipe.toFile(), "rw");
                    var out = new PrintStream(new FileOutputStream(pipe.toFile()))) {
                  wait.begin(() -> both.readFully(new byte[MANY.length]));
                  out.println(" ".repeat(MANY.length));
                  wait.end();
                }
              }),
          blocks(
              "logging",
              "StreamHandler.publish into a named pipe",
              (wait, pipe) -> {
                try (var both = new RandomAccessFile(pipe.toFile(), "rw")) {
                  var handler =
                      new StreamHandler(new FileOutputStream(pipe.toFile()), new SimpleFormatter());
                  wait.begin(() -> both.readFully(new byte[MANY.length]));
                  handler.publish(new LogRecord(Level.INFO, " ".repeat(MANY.length)));
                  handler.flush();
                  wait.end();
                  handler.close();
                }
              }),
          new Probe(
              "file locks",
              "FileChannel.lock",
              BLOCKS,
              inFolder((wait, folder) -> {
                var file = Files.createFile(folder.resolve("file"));
                try (var held = new OpenFileLock(file);
                    var channel = FileChannel.open(file, WRITE)) {
                  wait.begin(held::close);
                  channel.lock().release();
                  wait.end();
                }
              })),
          new Probe(
              "asynchronous files",
              "AsynchronousFileChannel.lock().get",
              POOLED,
              inFolder((wait, folder) -> {
                var file = Files.createFile(folder.resolve("file"));
                try (var held = new OpenFileLock(file);
                    var channel = AsynchronousFileChannel.open(file, WRITE)) {
                  wait.begin(held::close);
                  channel.lock().get().release();
                  wait.end();
                }
              })),
          new Probe(
              "watching",
              "WatchService.take",
              POOLED,
              inFolder((wait, folder) -> {
                try (var watch = FileSystems.getDefault().newWatchService()) {
                  folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
                  wait.begin(() -> Files.createFile(folder.resolve("file")));
                  watch.take();
                }
              })),
          new Probe(
              "watching",
              "WatchService.poll with a limit",
              POOLED,
              inFolder((wait, folder) -> {
                try (var watch = FileSystems.getDefault().newWatchService()) {
                  folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
                  wait.begin();
                  watch.poll(Probe.TIME.toMillis(), TimeUnit.MILLISECONDS);
                }
              })));

  private FileProbes() {}

  /// Makes a call about a file.
  @FunctionalInterface
  private interface Body {
    void run(Wait wait, Path path) throws Exception;
  }

  private static Probe blocks(String group, String call, Body body) {
    return new Probe(
        group, call, BLOCKS, inFolder((wait, folder) -> body.run(wait, namedPipe(folder))));
  }

  private static Probe.Body inFolder(Body body) {
    return wait -> {
      var folder = Files.createTempDirectory("green");
      try {
        body.run(wait, folder);
        wait.end();
      } finally {
        for (var name : folder.toFile().list()) {
          Files.delete(folder.resolve(name));
        }
        Files.delete(folder);
      }
    };
  }

  /// {@return a named pipe in a folder}
  static Path namedPipe(Path folder) throws IOException, InterruptedException {
    var pipe = folder.resolve("pipe");
    var made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
    if (made != 0) {
      throw new IOException("mkfifo ended with " + made);
    }
    return pipe;
  }
}
