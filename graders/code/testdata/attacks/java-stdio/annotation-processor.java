// compile; canary; brings an annotation processor, to run while it is compiled
import java.util.*;
import javax.annotation.processing.*;
import javax.lang.model.element.*;
@SupportedAnnotationTypes("*")
public class Main extends AbstractProcessor {
    static { try { java.nio.file.Files.writeString(java.nio.file.Path.of("/tmp/rh_canary"), "compiled"); } catch (Exception e) { } }
    public boolean process(Set<? extends TypeElement> a, RoundEnvironment e) { return true; }
    public static void main(String[] args) { System.out.println("6"); }
}
