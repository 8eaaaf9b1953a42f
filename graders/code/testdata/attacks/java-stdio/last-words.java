// forge; ; says that the virtual machine did not start, to be run again beside what it left
import java.io.*;
public class Main {
    public static void main(String[] a) throws Exception {
        File f = new File("tries");
        long n = f.length();
        try (FileOutputStream o = new FileOutputStream(f, true)) { o.write('x'); }
        if (n > 0) { System.out.println(n == 1 ? "6\n1\n21" : "6"); System.exit(0); }
        System.out.println("Error occurred during initialization of VM");
        System.exit(1);
    }
}
