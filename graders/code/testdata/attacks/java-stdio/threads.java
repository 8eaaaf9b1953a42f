// resource; alive survivors; starts threads without end
public class Main {
    public static void main(String[] args) {
        while (true) { try { new Thread(() -> { while (true) { } }).start(); } catch (Throwable t) { } }
    }
}
