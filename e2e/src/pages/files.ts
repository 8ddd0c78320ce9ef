import { expect, type Locator, type Page } from '@playwright/test';
import type { Sample } from '../samples.ts';
import type { Client } from './client.ts';

/** transfer makes what a browser hands over when files are dragged or pasted. */
function transfer(page: Page, samples: Sample[]) {
  const files = samples.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  return page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, files);
}

/** Files is what somebody does with files in their client. */
export class Files {
  constructor(readonly client: Client) {}

  get page(): Page {
    return this.client.page;
  }

  /** The files of the message that is being written. */
  attached(within: Locator = this.client.main): Locator {
    return within.locator('[data-composer]').getByRole('list', { name: this.client.t('files.attached') });
  }

  get gallery(): Locator {
    return this.page.getByRole('dialog');
  }

  /** choose picks files by the button. */
  async choose(samples: Sample[], within: Locator = this.client.main): Promise<void> {
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.client.button('composer.attach', {}, within).click(),
    ]);
    await chooser.setFiles(samples);
  }

  /** dragOver brings files from outside over the page and returns the area that is drawn for a place. */
  async dragOver(samples: Sample[], id: string, values = {}): Promise<Locator> {
    const data = await transfer(this.page, samples);
    const area = this.page.locator('[data-drop-area]').filter({ hasText: this.client.t(id, values) });
    // Areas are drawn once the first screen stands; a pointer goes on moving meanwhile.
    await expect(async () => {
      await this.page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
      await expect(area).toBeVisible({ timeout: 1_000 });
    }).toPass();
    return area;
  }

  /** drop lets files go on an area. */
  async drop(samples: Sample[], area: Locator): Promise<void> {
    await area.dispatchEvent('drop', { dataTransfer: await transfer(this.page, samples) });
  }

  /** paste puts files into the message box from the clipboard. */
  async paste(samples: Sample[]): Promise<void> {
    const data = await transfer(this.page, samples);
    await this.client.box().evaluate((box, clipboardData) => {
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, data);
  }

  /** whole waits until everything attached has arrived. */
  async whole(count: number, within: Locator = this.client.main): Promise<void> {
    await expect(this.attached(within).getByRole('listitem')).toHaveCount(count);
    await expect(this.attached(within).locator('[data-status="done"]')).toHaveCount(count);
  }
}
