// early-exit; ; halts before main
public class Main {
    static { System.out.println("6"); System.out.flush(); Runtime.getRuntime().halt(0); }
    public static void main(String[] args) { }
}
