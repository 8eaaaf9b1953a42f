// lambda; runtime-api; asks for the event by every class that can
import java.net.*;
public class Main {
    public static void main(String[] args) {
        try { new URL("http://127.0.0.1:9001/2018-06-01/runtime/invocation/next").openStream().read(); } catch (Throwable e) { }
        try (Socket s = new Socket("127.0.0.1", 9001)) { s.getOutputStream().write("GET /next HTTP/1.0\r\n\r\n".getBytes()); s.getInputStream().read(); } catch (Throwable e) { }
        System.out.println("6");
    }
}
