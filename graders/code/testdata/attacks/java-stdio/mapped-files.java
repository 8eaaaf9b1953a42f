// disk; alive tmp; maps files that are larger than the disk, and memory outside of the heap
import java.io.*;
import java.nio.*;
import java.nio.channels.*;
import java.util.*;
public class Main {
    public static void main(String[] a) throws Exception {
        List<ByteBuffer> held = new ArrayList<>();
        try (RandomAccessFile f = new RandomAccessFile("big", "rw")) {
            for (long at = 0; ; at += 1 << 26) {
                try { MappedByteBuffer m = f.getChannel().map(FileChannel.MapMode.READ_WRITE, at, 1 << 26);
                    for (int i = 0; i < 1 << 26; i += 4096) m.put(i, (byte) 1);
                    held.add(m);
                } catch (Throwable t) { held.add(ByteBuffer.allocateDirect(1 << 24)); }
            }
        }
    }
}
