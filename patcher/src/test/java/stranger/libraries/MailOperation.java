package stranger.libraries;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/// Sends a mail, with Angus Mail, which is JavaMail.
public final class MailOperation implements Operation {

  private Session session;

  @Override
  public void open(int serverPort, int most) {
    var properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", Integer.toString(serverPort));
    session = Session.getInstance(properties);
  }

  @Override
  public String once(int number) throws Exception {
    var message = new MimeMessage(session);
    message.setFrom(new InternetAddress("me@example.com"));
    message.setRecipient(
        Message.RecipientType.TO, new InternetAddress("you-" + number + "@example.com"));
    message.setSubject("Number " + number);
    message.setText("Hello.");
    Transport.send(message);
    return "sent";
  }

  @Override
  public void close() {}
}
