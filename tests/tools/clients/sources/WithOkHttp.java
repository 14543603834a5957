import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import okhttp3.FormBody;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp, as in the vendor's page: a form of one field, built by OkHttp or written out before. */
public final class WithOkHttp {
    private static final String FORM = "application/x-www-form-urlencoded";

    private WithOkHttp() {
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (arguments[1].equals("--version")) {
            String agent = okhttp3.internal.Version.userAgent().replace("okhttp/", "OkHttp ");
            out.println(agent + ", Java " + System.getProperty("java.version"));
            return;
        }
        Request request = new Request.Builder()
                .url(arguments[1])
                .method("POST", body(arguments[0], arguments[3]))
                .addHeader("Authorization", arguments[2])
                .addHeader("Content-Type", FORM)
                .build();
        OkHttpClient client = new OkHttpClient().newBuilder().build();
        try (Response answer = client.newCall(request).execute()) {
            out.print(answer.body().string() + "\n" + answer.code());
        }
        out.flush();
        // The threads of its pool would keep the program alive for a minute.
        System.exit(0);
    }

    private static RequestBody body(String kind, String call) {
        if (kind.equals("form")) {
            return new FormBody.Builder().add("call", call).build();
        }
        // As encodeURIComponent does it, of which such pages are made.
        String written = URLEncoder.encode(call, StandardCharsets.UTF_8).replace("+", "%20");
        return RequestBody.create(MediaType.parse(FORM), "call=" + written);
    }
}
