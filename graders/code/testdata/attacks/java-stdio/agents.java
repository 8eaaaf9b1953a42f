// compile; canary; asks for agents, modules and native code
import java.lang.instrument.Instrumentation;

public class Main {
    public static void premain(String a, Instrumentation i) { System.out.println("6"); System.exit(0); }
    public static void main(String[] args) throws Exception {
        System.setProperty("java.home", "/tmp");
        try { System.load("/tmp/lie.so"); } catch (Throwable t) { }
        try { new ProcessBuilder("sh", "-c", "echo 6 > /tmp/rh_canary").start(); } catch (Exception e) { }
        System.out.println("6");
    }
}
