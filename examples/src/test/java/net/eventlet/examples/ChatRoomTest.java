package net.eventlet.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofInputStream;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.eventlet.wsgi.websocket.ConnectOptions;
import net.eventlet.wsgi.websocket.WebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

@Timeout(120)
class ChatRoomTest {

  private static final File CHROMIUM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Program server;
  private URI root;

  @BeforeEach
  void start() throws IOException {
    server =
        Program.start(ChatRoom.class, "0", "src/main/java/net/eventlet/examples/ChatRoom.html");
    root = URI.create("http://localhost:" + server.port() + "/");
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void whatOneSaysTheOthersHear() throws Exception {
    try (var ada = join("Ada");
        var grace = join("Grace")) {
      assertEquals("joined\tAda\t", ada.receiveText());
      assertEquals("joined\tGrace\t", ada.receiveText());

      grace.send("hello\teverybody");
      assertEquals("said\tGrace\thello everybody", ada.receiveText());
      assertEquals("joined\tGrace\t", grace.receiveText());
      assertEquals("said\tGrace\thello everybody", grace.receiveText());

      try (var late = join("Edsger")) {
        assertEquals("said\tGrace\thello everybody", late.receiveText());
      }
      assertEquals("joined\tEdsger\t", ada.receiveText());
      assertEquals("left\tEdsger\t", ada.receiveText());
    }
  }

  @Test
  void pagesOfOtherOriginsDoNotListenIn() {
    var options = ConnectOptions.DEFAULT.withHeader("Origin", "http://elsewhere");
    var refused =
        assertThrows(
            IOException.class,
            () ->
                WebSocket.connect(
                    URI.create("ws://localhost:" + root.getPort() + "/talk?name=Eve"), options));

    assertTrue(refused.getMessage().contains("403"), refused.getMessage());
  }

  @Test
  void theFormServesWhoHasNoScript() throws Exception {
    try (var ada = join("Ada")) {
      assertEquals("joined\tAda\t", ada.receiveText());

      var answer = send(request("say").POST(BodyPublishers.ofString("name=Bob&text=a%20b+c")));

      assertEquals(303, answer.statusCode());
      assertEquals("said\tBob\ta b c", ada.receiveText());
    }
  }

  @Test
  void filesAreFetchedAsTheyWerePutUpAndInPartsToo() throws Exception {
    var text = "0123456789".repeat(20);

    var put =
        send(request("files?name=..%2Fa%20b.txt&who=Ada").POST(BodyPublishers.ofString(text)));
    var path = put.headers().firstValue("location").orElseThrow().substring(1);

    assertEquals(201, put.statusCode());
    assertEquals("files/1-.._a_b.txt", path);
    assertEquals(text, send(request(path)).body());
    var part = send(request(path).header("Range", "bytes=5-8"));
    assertEquals(206, part.statusCode());
    assertEquals("5678", part.body());
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws Exception {
    var answer =
        send(request("files?name=x").POST(BodyPublishers.ofByteArray(new byte[5_000_001])));

    assertEquals(413, answer.statusCode());
  }

  @Test
  void eventsTellWhoIsHere() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var stream = client.send(request("here").build(), ofInputStream()).body();
      try (var events = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
          var ada = join("Ada")) {
        assertEquals("data: ", events.readLine());
        assertEquals("", events.readLine());
        assertEquals("data: Ada", events.readLine());
        assertEquals("joined\tAda\t", ada.receiveText());
      }
    }
  }

  @Test
  void thePageWorksInABrowser(@TempDir Path folder) throws Exception {
    assumeTrue(
        CHROMIUM.exists() && DRIVER.exists(),
        "the test in a browser is left out: apt-get install chromium chromium-driver");
    var picture = folder.resolve("drawing.svg");
    Files.writeString(picture, "<svg xmlns='http://www.w3.org/2000/svg'/>");
    var service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).build();
    var browser = new ChromeDriver(service, options(folder.resolve("profile")));
    try {
      browser.manage().window().setSize(new Dimension(1000, 700));
      browser.get(root.toString());
      enter(browser, "Ada", "Is anybody here?");
      awaitTalk(browser, "Is anybody here?");
      var first = browser.getWindowHandle();

      browser.switchTo().newWindow(WindowType.TAB);
      browser.get(root.toString());
      enter(browser, "Grace", "I am, and so is the compiler.");
      awaitTalk(browser, "Is anybody here?", "I am, and so is the compiler.");
      browser.findElement(By.id("file")).sendKeys(picture.toString());
      awaitTalk(browser, "drawing.svg");

      browser.switchTo().window(first);
      awaitTalk(browser, "Grace is here", "I am, and so is the compiler.", "drawing.svg");
      await(
          browser, () -> browser.findElement(By.id("here")).getText().equals("2 here: Ada, Grace"));
      assertEquals("connected", browser.findElement(By.id("state")).getText());
      look(browser, "desktop");
      browser.manage().window().setSize(new Dimension(500, 800));
      look(browser, "phone");
      assertEquals(
          List.of(),
          browser.manage().logs().get("browser").getAll().stream()
              .map(Object::toString)
              .filter(line -> !line.contains("favicon"))
              .toList());
    } finally {
      browser.quit();
      service.stop();
    }
  }

  private static ChromeOptions options(Path profile) {
    return new ChromeOptions()
        .setBinary(CHROMIUM)
        .addArguments(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + profile);
  }

  private static void enter(ChromeDriver browser, String name, String text) {
    var field = browser.findElement(By.name("name"));
    field.clear();
    field.sendKeys(name, Keys.TAB);
    browser.findElement(By.name("text")).sendKeys(text, Keys.ENTER);
  }

  private static void awaitTalk(ChromeDriver browser, String... texts) throws Exception {
    await(
        browser,
        () -> {
          var talk = browser.findElement(By.id("talk")).getText();
          return List.of(texts).stream().allMatch(talk::contains);
        });
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(ChromeDriver browser, Condition condition) throws Exception {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            browser.findElement(By.tagName("body")).getText()
                + browser.manage().logs().get("browser").getAll());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /// Leaves a picture of the page, to look at.
  private static void look(ChromeDriver browser, String name) throws IOException {
    var picture = Path.of("target", "chat-" + name + ".png");
    Files.write(picture, browser.getScreenshotAs(OutputType.BYTES));
  }

  private WebSocket join(String name) throws IOException {
    return WebSocket.connect(
        URI.create("ws://localhost:%d/talk?name=%s".formatted(root.getPort(), name)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(root.resolve(path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), ofString());
    }
  }
}
