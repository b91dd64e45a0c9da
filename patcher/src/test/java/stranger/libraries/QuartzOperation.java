package stranger.libraries;

import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/// Runs a job that fetches a page, with Quartz, in one of its threads.
public final class QuartzOperation implements Operation {

  private static final Map<String, CompletableFuture<String>> ANSWERS = new ConcurrentHashMap<>();

  private int port;
  private Scheduler scheduler;

  @Override
  public void open(int serverPort, int most) throws Exception {
    port = serverPort;
    var properties = new Properties();
    properties.put("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.put("org.quartz.threadPool.threadCount", Integer.toString(most));
    properties.put("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "50");
    properties.put("org.quartz.scheduler.skipUpdateCheck", "true");
    scheduler = new StdSchedulerFactory(properties).getScheduler();
    scheduler.start();
  }

  @Override
  public String once(int number) throws Exception {
    var key = Integer.toString(number);
    var answer = new CompletableFuture<String>();
    ANSWERS.put(key, answer);
    scheduler.scheduleJob(
        JobBuilder.newJob(Fetch.class).withIdentity(key).usingJobData("port", port).build(),
        TriggerBuilder.newTrigger().withIdentity(key).startNow().build());
    return answer.get();
  }

  @Override
  public void close() throws Exception {
    scheduler.shutdown(true);
  }

  /// Made by Quartz.
  public static final class Fetch implements Job {

    @Override
    public void execute(JobExecutionContext context) {
      var key = context.getJobDetail().getKey().getName();
      var port = context.getMergedJobDataMap().getInt("port");
      try (var page = URI.create("http://127.0.0.1:" + port + "/" + key).toURL().openStream()) {
        ANSWERS.remove(key).complete(Feed.title(new String(page.readAllBytes())));
      } catch (Exception e) {
        ANSWERS.remove(key).completeExceptionally(e);
      }
    }
  }
}
