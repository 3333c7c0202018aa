using Anpr.Proto.V1;
using Microsoft.Playwright;

namespace Anpr.Hub.Tests.Web;

/// <summary>Pictures of vehicles that do not exist, drawn by the browser: a plate's crop and the frame round it.</summary>
internal sealed class DrawnPictures(IPage page)
{
    /// <summary>JPEGs of crop and frame (960x540), and the plate's corners in the frame.</summary>
    public async Task<(byte[] Patch, byte[] Overview, Point[] Quad)> DrawAsync(string text, string country, int seed)
    {
        var random = new Random(seed);
        var (hue, light) = (random.Next(360), random.Next(22, 46));
        await page.SetViewportSizeAsync(960, 540);
        await page.SetContentAsync($$"""
            <style>
              body { margin: 0; width: 960px; height: 540px; overflow: hidden; background: linear-gradient(#6d7a86 0 34%, #3d4246 34%, #25282b); font-family: 'DejaVu Sans Condensed'; }
              .line { position: absolute; top: 190px; height: 350px; width: 12px; background: #d8d8cf; opacity: .7; }
              .cab { position: absolute; left: {{300 + random.Next(-50, 50)}}px; top: 70px; width: 330px; height: 400px; border-radius: 26px 26px 10px 10px; background: linear-gradient(100deg, hsl({{hue}} 35% {{light + 8}}%), hsl({{hue}} 40% {{light - 8}}%)); box-shadow: 0 26px 30px #000a; }
              .glass { position: absolute; inset: 30px 22px auto; height: 130px; border-radius: 14px; background: linear-gradient(160deg, #9db4c4, #1a242c 60%); }
              .grille { position: absolute; left: 50px; right: 50px; top: 190px; height: 96px; border-radius: 6px; background: repeating-linear-gradient(#15181b 0 9px, #2b3035 9px 14px); }
              .lamp { position: absolute; top: 300px; width: 56px; height: 34px; border-radius: 8px; background: radial-gradient(#fff, #d9d9c8 60%, #888); }
              .plate { position: absolute; left: 50%; top: 336px; transform: translateX(-50%) perspective(300px) rotateY({{random.Next(-12, 12)}}deg); display: flex; height: 34px; background: #eceadf; border: 2px solid #222; border-radius: 4px; font: bold 27px/33px 'DejaVu Sans Condensed'; color: #16181a; filter: blur(.5px) brightness({{85 + random.Next(20)}}%); }
              .plate b { background: #23509a; color: #fff; font-size: 10px; padding: 0 4px; } .plate span { padding: 0 7px; }
            </style>
            <i class="line" style="left:130px; transform: skewX(28deg)"></i><i class="line" style="left:800px; transform: skewX(-28deg)"></i>
            <div class="cab"><div class="glass"></div><div class="grille"></div><i class="lamp" style="left:20px"></i><i class="lamp" style="right:20px"></i>
            <div class="plate" id="plate"><b>{{country}}</b><span>{{text}}</span></div></div>
            """);
        var overview = await page.ScreenshotAsync(new PageScreenshotOptions { Type = ScreenshotType.Jpeg, Quality = 80 });
        var box = (await page.Locator("#plate").BoundingBoxAsync())!;
        var patch = await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Type = ScreenshotType.Jpeg,
            Quality = 75,
            Clip = new Clip { X = box.X - 6, Y = box.Y - 6, Width = box.Width + 12, Height = box.Height + 12 },
        });
        var (left, top, right, bottom) = (box.X, box.Y, box.X + box.Width, box.Y + box.Height);
        Point[] quad = [new() { X = left, Y = top }, new() { X = right, Y = top }, new() { X = right, Y = bottom }, new() { X = left, Y = bottom }];
        return (patch, overview, quad);
    }
}
