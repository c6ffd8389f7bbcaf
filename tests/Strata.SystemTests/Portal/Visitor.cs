using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strata.SystemTests.Portal;

/// <summary>Somebody who looks at pages: what they click, type, see.</summary>
public sealed class Visitor(Browser browser, string name)
{
    /// <summary>The widths that pages are judged at: a desk's, and a phone's.</summary>
    public const int Desk = 1280, Phone = 390;

    /// <summary>Where <see cref="JudgeAsync"/> leaves pictures, for people to look at; unset: none are made.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("STRATA_PICTURES") is { Length: > 0 } named ? named : null;

    public string Name { get; } = name;

    /// <summary>Opens a page.</summary>
    /// <returns>Its status, and the address after redirects.</returns>
    public async Task<(int Status, Uri Address)> OpenAsync(string url)
    {
        var answer = await DoAsync("open", new() { ["url"] = url });
        return (answer.GetProperty("status").GetInt32(), new(answer.GetProperty("url").GetString()!));
    }

    /// <summary>Puts a user's certificate into the browser profile, for the site that asks for one; before anything else is done.</summary>
    public Task HoldAsync(string p12, Uri site) => DoAsync("hold", new() { ["file"] = p12, ["origin"] = site.GetLeftPart(UriPartial.Authority) });

    public Task ClickAsync(string role, string name) => DoAsync("click", new() { ["role"] = role, ["name"] = name });

    public Task ClickAsync(string selector) => DoAsync("click", new() { ["selector"] = selector });

    /// <summary>Types into the field with this label.</summary>
    public Task FillAsync(string label, string text) => DoAsync("fill", new() { ["label"] = label, ["text"] = text });

    /// <summary>Types into a field that has no label: not one of ours.</summary>
    public Task FillInAsync(string selector, string text) => DoAsync("fill", new() { ["selector"] = selector, ["text"] = text });

    /// <summary>Chooses from the list with this label.</summary>
    public Task SelectAsync(string label, string text) => DoAsync("select", new() { ["label"] = label, ["text"] = text });

    public Task PressAsync(string key) => DoAsync("press", new() { ["key"] = key });

    /// <summary>Waits until something with this role and name is there.</summary>
    public Task WaitForAsync(string role, string name) => DoAsync("waitFor", new() { ["role"] = role, ["name"] = name });

    /// <summary>Waits until this text is there.</summary>
    public Task WaitForTextAsync(string text) => DoAsync("waitForText", new() { ["text"] = text });

    public async Task<string> TextAsync(string selector) => (await DoAsync("text", new() { ["selector"] = selector })).GetString()!;

    public async Task<string[]> TextsAsync(string selector) => Strings(await DoAsync("texts", new() { ["selector"] = selector }));

    public async Task<string?> AttributeAsync(string selector, string attribute) =>
        (await DoAsync("attribute", new() { ["selector"] = selector, ["name"] = attribute })).GetString();

    public async Task<int> CountAsync(string selector) => (await DoAsync("count", new() { ["selector"] = selector })).GetInt32();

    public async Task<int> CountAsync(string role, string name) => (await DoAsync("count", new() { ["role"] = role, ["name"] = name })).GetInt32();

    /// <summary>Name of what the keyboard acts on.</summary>
    public async Task<string> FocusedAsync() => (await DoAsync("focused", [])).GetString()!;

    /// <summary>Drags a file onto something and lets go.</summary>
    public Task DropAsync(string selector, string file) =>
        DoAsync("drop", new() { ["selector"] = selector, ["file"] = file, ["name"] = Path.GetFileName(file) });

    /// <summary>Chooses a file in a file field.</summary>
    public Task ChooseAsync(string selector, string file) => DoAsync("choose", new() { ["selector"] = selector, ["file"] = file });

    /// <summary>Follows a link that downloads.</summary>
    public async Task<(string Name, string Text)> DownloadAsync(string role, string name)
    {
        var answer = await DoAsync("download", new() { ["role"] = role, ["name"] = name });
        return (answer.GetProperty("name").GetString()!, answer.GetProperty("text").GetString()!);
    }

    /// <summary>The connection breaks at the request with this number, counted from 1, of those that fit; the others pass, and all are noted.</summary>
    public Task BreakAsync(string address, string method, int number) => DoAsync("break", new() { ["address"] = address, ["method"] = method, ["number"] = number });

    /// <summary>Requests that fit get an answer of this status, with no content, before they leave the browser; all are noted.</summary>
    public Task AnswerAsync(string address, int status) => DoAsync("answer", new() { ["address"] = address, ["status"] = status });

    /// <summary>What was noted since the last time: method and Upload-Offset for <see cref="BreakAsync"/>, method, path and status for <see cref="AnswerAsync"/>.</summary>
    public async Task<string[]> PassedAsync() => Strings(await DoAsync("passed", []));

    public Task LookAsync(bool dark, int width) => DoAsync("look", new() { ["dark"] = dark, ["width"] = width });

    /// <summary>The open page has to be without fault: for axe-core with every rule, in light and dark, at a desk and on a phone, and for the browser's console.</summary>
    /// <param name="picture">Name of its pictures.</param>
    public async Task JudgeAsync(string picture)
    {
        var faults = new List<string>();
        foreach (var (dark, width) in new[] { (false, Desk), (true, Desk), (false, Phone), (true, Phone) })
        {
            var look = $"{(dark ? "dark" : "light")}-{width}";
            await LookAsync(dark, width);
            faults.AddRange(Strings(await DoAsync("check", [])).Select(f => $"{picture} {look}: {f}"));
            var overflow = (await DoAsync("overflow", [])).GetInt32();
            if (overflow > 0) faults.Add($"{picture} {look}: it is {overflow} pixels wider than the window.");
            if (Pictures is not null && (!dark || width == Desk)) await DoAsync("picture", new() { ["file"] = Path.Combine(Directory.CreateDirectory(Pictures).FullName, $"{picture}-{look}.png") });
        }
        await LookAsync(dark: false, Desk);
        faults.AddRange((await ComplaintsAsync()).Select(c => $"{picture}: {c}"));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>What the browser's console complained of since the last time: refused scripts, broken requests.</summary>
    public async Task<string[]> ComplaintsAsync() => Strings(await DoAsync("complaints", []));

    private Task<JsonElement> DoAsync(string command, JsonObject arguments) => browser.DoAsync(Name, command, arguments);

    private static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetString()!)];
}
