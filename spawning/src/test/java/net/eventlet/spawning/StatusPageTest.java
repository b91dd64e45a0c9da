package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

@Timeout(120)
class StatusPageTest {

  private static final File CHROMIUM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ECHO = "net.eventlet.spawning.TestApplications$Echo";

  @TempDir private Path folder;

  @Test
  void whatAnApplicationSaysIsNoMarkup() {
    var child = new Report.OfChild(7, "ready", "a \"<b>\" & c", Map.of("memory_bytes", 5L << 20));
    var page = new StatusPage(new Report(Map.of(), "<script>", List.of(child))).html();

    assertTrue(page.contains("a &quot;&lt;b&gt;&quot; &amp; c"), page);
    assertTrue(page.contains("&lt;script&gt;"), page);
    assertFalse(page.contains("<script>"), page);
    assertTrue(page.contains("<td>5 MB</td>"), page);
  }

  @Test
  void thePageRefreshesItselfInABrowser() throws Exception {
    assumeTrue(
        CHROMIUM.exists() && DRIVER.exists(),
        "the test in a browser is left out: apt-get install chromium chromium-driver");
    var service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).build();
    var browser = new ChromeDriver(service, options());
    try (var spawned =
        Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", "--status-port=0", ECHO)) {
      spawned.awaitServing(2);
      spawned.get(spawned.port(), "/echo");
      browser.manage().window().setSize(new Dimension(1200, 600));
      browser.get("http://127.0.0.1:%d/status".formatted(spawned.statusPort()));

      await(browser, text -> text.contains("2 of 2 children serve"));
      var killed = spawned.children().getFirst();
      assertTrue(body(browser).contains(Long.toString(killed)), body(browser));
      Spawned.kill("KILL", killed);
      spawned.awaitServing(3);

      await(browser, text -> !text.contains(Long.toString(killed)) && text.contains("2 of 2"));
      for (var child : spawned.children()) {
        await(browser, text -> text.contains(Long.toString(child)));
      }
      Files.write(Path.of("target", "status-page.png"), browser.getScreenshotAs(OutputType.BYTES));
      assertEquals(List.of(), browser.manage().logs().get("browser").getAll());
    } finally {
      browser.quit();
      service.stop();
    }
  }

  private ChromeOptions options() {
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
            "--user-data-dir=" + folder.resolve("profile"));
  }

  private static String body(ChromeDriver browser) {
    try {
      return browser.findElement(By.tagName("body")).getText();
    } catch (WebDriverException refreshes) {
      return "";
    }
  }

  /// Waits for what the page shows, which refreshes itself: nobody asks for it anew here.
  private static void await(ChromeDriver browser, Predicate<String> shown) throws Exception {
    var end = System.nanoTime() + PATIENCE.toNanos();
    for (var text = body(browser); !shown.test(text); text = body(browser)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(text);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
