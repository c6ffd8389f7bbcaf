namespace Strata.SystemTests.Portal;

/// <summary>The judge of pages is itself able to refuse one.</summary>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_page_with_faults_is_refused_with_each_of_them()
    {
        var visitor = browser.Visitor("critic");
        await visitor.OpenAsync("data:text/html,<title>Faulty</title><p style='color:%23ccc;width:2000px'>pale and wide<img src='data:,'><script>console.error('broken')</script>");
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => visitor.JudgeAsync("faulty"));
        foreach (var fault in new[] { "color-contrast", "image-alt", "html-has-lang", "wider than the window", "broken" })
            Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }
}
