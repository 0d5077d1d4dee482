// Bergamot's translator in WebAssembly on local model files: `node peers-bergamot.mjs PACKAGES FOLDER WORKERS < lines > lines`.
// It was written for browsers: their Worker is stood in for by Node's.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker as NodeWorker } from 'node:worker_threads';

const [packages, folder, workers] = process.argv.slice(2);
const { BatchTranslator, TranslatorBacking } = await import(
  pathToFileURL(createRequire(packages + '/').resolve('@browsermt/bergamot-translator/translator.js')));

class LocalFiles extends TranslatorBacking {
  async loadModelRegistery() {
    return [{ from: 'en', to: 'pt', files: {} }];
  }
  async loadTranslationModel() {
    const read = (name) => {
      const bytes = fs.readFileSync(`${folder}/${name}`);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    };
    return {
      model: read('model.bin'), shortlist: read('lex.bin'), vocabs: [read('vocab.spm')],
      config: { 'gemm-precision': 'int8shiftAlphaAll' },
    };
  }
}

globalThis.Worker = class {
  constructor(url) { this.worker = new NodeWorker(url); }
  addEventListener(type, listener) {
    this.worker.on(type, (data) => listener(type === 'message' ? { data } : data));
  }
  postMessage(message) { this.worker.postMessage(message); }
  terminate() { this.worker.terminate(); }
};

const options = { pivotLanguage: null, workers: Number(workers), batchSize: 8 };
const translator = new BatchTranslator(options, new LocalFiles(options));
const lines = fs.readFileSync(0, 'utf8').trimEnd().split('\n');
const answers = lines.map((text) => translator.translate({ from: 'en', to: 'pt', text, html: false }));
const made = (await Promise.all(answers)).map((answer) => answer.target.text.replaceAll('\n', ' '));
fs.writeFileSync(1, made.map((line) => line + '\n').join(''));
process.exit(0);
