using System;
using System.IO;
using System.Net;
using System.Reflection;
using System.Text;

/// <summary>
/// .NET's HttpWebRequest, told what RestSharp 106 tells it: RestSharp itself is not packaged where
/// this is to run.
/// </summary>
internal static class WithWebRequest
{
    private const string Accept =
        "application/json, text/json, text/x-json, text/javascript, application/xml, text/xml";

    private static void Main(string[] arguments)
    {
        if (arguments[0] == "--version")
        {
            Console.WriteLine("HttpWebRequest of Mono " + MonoVersion());
            return;
        }
        HttpWebRequest request = Request(arguments[0], arguments[1]);
        byte[] body = Encoding.UTF8.GetBytes("call=" + Uri.EscapeDataString(arguments[2]));
        request.ContentLength = body.Length;
        using (Stream stream = request.GetRequestStream())
        {
            stream.Write(body, 0, body.Length);
        }
        using (HttpWebResponse answer = Answer(request))
        using (StreamReader reader = new StreamReader(answer.GetResponseStream(), Encoding.UTF8))
        {
            Console.Write(reader.ReadToEnd() + "\n" + (int)answer.StatusCode);
        }
    }

    private static HttpWebRequest Request(string url, string authorization)
    {
        HttpWebRequest request = (HttpWebRequest)WebRequest.Create(url);
        request.ServicePoint.Expect100Continue = false;
        request.Headers.Add("Authorization", authorization);
        request.Accept = Accept;
        request.UserAgent = "RestSharp/106.15.0.0";
        request.ContentType = "application/x-www-form-urlencoded";
        request.Method = "POST";
        request.Proxy = null;
        request.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate;
        return request;
    }

    private static HttpWebResponse Answer(HttpWebRequest request)
    {
        try
        {
            return (HttpWebResponse)request.GetResponse();
        }
        catch (WebException error) when (error.Response != null)
        {
            return (HttpWebResponse)error.Response;
        }
    }

    private static string MonoVersion()
    {
        MethodInfo name = Type.GetType("Mono.Runtime").GetMethod(
            "GetDisplayName", BindingFlags.NonPublic | BindingFlags.Static);
        return ((string)name.Invoke(null, null)).Split(' ')[0];
    }
}
