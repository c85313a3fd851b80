namespace Mana.Specs.Screens;

/// <summary>What makes a page hard to use, found out by the browser that shows it.</summary>
public static class Flaws
{
    /// <summary>A function that answers a list of sentences; none is good.</summary>
    public const string Script = """
        () => {
          const flaws = [];
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) {
            flaws.push(`the page is ${root.scrollWidth - root.clientWidth} px wider than the window`);
          }
          if (document.querySelectorAll('h1').length !== 1) {
            flaws.push('a page has one heading of the first order');
          }
          if (!root.lang || !document.title) {
            flaws.push('a page says its language and its title');
          }

          const isVisible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
          const name = (element) => `<${element.tagName.toLowerCase()} id="${element.id}" class="${element.className}">`;

          for (const input of document.querySelectorAll('input:not([type=hidden])')) {
            if (!input.labels?.length) flaws.push(`${name(input)} has no label`);
          }
          for (const element of document.querySelectorAll('button, .button, input:not([type=hidden]):not([type=checkbox])')) {
            const box = element.getBoundingClientRect();
            if (isVisible(element) && box.height < 40) flaws.push(`${name(element)} is ${box.height} px high, too small for a finger`);
          }
          for (const element of document.querySelectorAll('button, a[href]')) {
            if (isVisible(element) && !(element.innerText.trim() || element.getAttribute('aria-label'))) {
              flaws.push(`${name(element)} says nothing`);
            }
          }

          const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const mixed = (colours) => {
            context.clearRect(0, 0, 1, 1);
            for (const colour of colours) {
              context.fillStyle = colour;
              context.fillRect(0, 0, 1, 1);
            }
            return [...context.getImageData(0, 0, 1, 1).data];
          };
          const behind = (element) => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
            return [getComputedStyle(root).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? '#000' : '#fff', ...layers];
          };
          const luminance = ([r, g, b]) => {
            const [x, y, z] = [r, g, b].map((part) => {
              const share = part / 255;
              return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * x + 0.7152 * y + 0.0722 * z;
          };
          const contrast = (one, other) => {
            const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
            return (light + 0.05) / (dark + 0.05);
          };

          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.data.trim() || !isVisible(element) || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
            const layers = behind(element);
            const ratio = contrast(mixed(layers), mixed([...layers, getComputedStyle(element).color]));
            if (ratio < 4.5) flaws.push(`"${texts.currentNode.data.trim()}" has a contrast of ${ratio.toFixed(2)} to 1`);
            if (parseFloat(getComputedStyle(element).fontSize) < 13) flaws.push(`"${texts.currentNode.data.trim()}" is too small to read`);
          }
          for (const input of document.querySelectorAll('.field input')) {
            const layers = behind(input.parentElement);
            const ratio = contrast(mixed(layers), mixed([...layers, getComputedStyle(input).borderTopColor]));
            if (ratio < 3) flaws.push(`the border of ${name(input)} has a contrast of ${ratio.toFixed(2)} to 1`);
          }
          return flaws;
        }
        """;
}
