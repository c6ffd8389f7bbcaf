using Strata.Artifacts.Sbom;

namespace Strata.Tests.Artifacts.Sbom;

public sealed class LicenseExpressionTests
{
    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData("Expat", "MIT")]
    [InlineData("mit", "MIT")]
    [InlineData("GPL-2", "GPL-2.0-only")]
    [InlineData("GPL-2+", "GPL-2.0-or-later")]
    [InlineData("GPLv3", "GPL-3.0-only")]
    [InlineData("LGPL-2.1-or-later", "LGPL-2.1-or-later")]
    [InlineData("LGPLv2+", "LGPL-2.0-or-later")]
    [InlineData("AGPL-3+", "AGPL-3.0-or-later")]
    [InlineData("BSD-3-clause", "BSD-3-Clause")]
    [InlineData("GPL-2.0-only & MIT", "GPL-2.0-only AND MIT")]
    [InlineData("GPL-2.0-or-later | Artistic-1.0", "GPL-2.0-or-later OR Artistic-1.0")]
    [InlineData("(MIT | BSD-2-Clause) & ISC", "(MIT OR BSD-2-Clause) AND ISC")]
    [InlineData("MIT or GPL-2 and ISC", "MIT OR GPL-2.0-only AND ISC")]
    [InlineData("GPL-2+ with Libtool exception", "GPL-2.0-or-later WITH Libtool-exception")]
    [InlineData("Apache License 2.0", "Apache-2.0")]
    [InlineData("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later")]
    public void What_packages_state_becomes_what_spdx_calls_it(string stated, string expected)
    {
        var license = LicenseExpression.Of(stated)!;
        Assert.Equal(expected, license.Text);
        Assert.True(license.IsListed);
        Assert.Equal(expected, LicenseExpression.Of(expected)!.Text);
    }

    [Theory]
    [InlineData("PublicDomain", "LicenseRef-PublicDomain")]
    [InlineData("GPL", "LicenseRef-GPL")]
    [InlineData("GPL-9", "LicenseRef-GPL-9")]
    [InlineData("MIT & Mine", "MIT AND LicenseRef-Mine")]
    public void What_has_no_identifier_is_referred_to(string stated, string expected) => Assert.Equal(expected, LicenseExpression.Of(stated)!.Text);

    [Theory]
    [InlineData("MIT, BSD")]
    [InlineData("(MIT")]
    [InlineData("and")]
    [InlineData("My own $$ terms")]
    [InlineData("GPL-2 with a thing")]
    public void What_cannot_be_taken_apart_is_referred_to_as_a_whole_and_kept_as_stated(string stated)
    {
        var license = LicenseExpression.Of(stated)!;
        Assert.Equal(license.Text, Assert.Single(license.References).Id);
        Assert.Equal(stated, license.References[0].Stated);
        Assert.Matches("^LicenseRef-[A-Za-z0-9.-]+$", license.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("NOASSERTION")]
    public void Nothing_stated_is_nothing(string? stated) => Assert.Null(LicenseExpression.Of(stated));

    [Fact]
    public void Two_statements_that_an_identifier_cannot_tell_apart_stay_two() =>
        Assert.NotEqual(LicenseExpression.Of("a/b")!.Text, LicenseExpression.Of("a:b")!.Text);

    [Fact]
    public void All_of_several_has_each_part_once() =>
        Assert.Equal("BSD-2-Clause AND (ISC OR MIT) AND MIT", LicenseExpression.All(new[] { "MIT", "MIT and BSD-2-Clause", "ISC or MIT" }.Select(l => LicenseExpression.Of(l)!))!.Text);
}
