import { describe, expect, it } from 'vitest';
import { scanBytes, temporaryFolder, verdictOf } from './files-scene.ts';

const folder = temporaryFolder();
const scan = async (name: string, content: string | Uint8Array): Promise<string> =>
  verdictOf(await scanBytes(folder, name, content));

describe('what lies beside weights and is plain data is clean', () => {
  it.each<[string, string]>([
    ['README.md', '---\nlicense: mit\n---\n# A model\n\n```python\nimport os\n```\n'],
    ['LICENSE', 'Apache License\n'],
    ['LICENSE-2.0', 'Apache License\n'],
    ['README_zh.md', '# A model\n'],
    ['.gitattributes', '*.safetensors filter=lfs diff=lfs merge=lfs -text\n'],
    ['merges.txt', '#version: 0.2\nĠ t\nĠ a\n'],
    ['vocab.txt', '[PAD]\n[unused0]\n.\nc\nos\n'],
    ['labels.csv', 'id,label\n1,cat\n'],
    ['config.yaml', 'model: &base\n  layers: 12\nother: *base\nnote: "hello! world"\nkind: !!str 12\n'],
    ['config.json', '{"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "torch_dtype": "bfloat16", "x": null}'],
    [
      'tokenizer.json',
      '{"version": "1.0", "added_tokens": [{"id": 0, "content": "<s>"}], "model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}',
    ],
    ['tokenizer_config.json', '{"chat_template": "{{ messages[0].content }}", "bos_token": "<s>"}'],
    [
      'tokenizer_config.json',
      '{"chat_template": [{"name": "default", "template": "{{ messages }}"}, {"name": "tools", "template": "{{ tools|tojson }}"}]}',
    ],
    [
      'adapter_config.json',
      '{"base_model_name_or_path": "owner/model", "peft_type": "LORA", "auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers.models.bert.modeling_bert"}}',
    ],
    ['modules.json', '[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]'],
    [
      'model_index.json',
      '{"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"], "safety_checker": [null, null]}',
    ],
    [
      'model.safetensors.index.json',
      '{"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}',
    ],
    ['__init__.py', ''],
    ['empty.txt', ''],
  ])('%s', async (name, content) => {
    expect(await scan(name, content)).toBe('pass');
  });

  it('with numbers that only Python writes: a warning', async () => {
    expect(await scan('config.json', '{"a": NaN, "b": -Infinity}')).toBe('warn scan.json.number');
  });
});

describe('configurations that name code', () => {
  it.each<[string, string, string]>([
    ['config.json', '{"auto_map": {"AutoModel": "modeling_x.XModel"}}', 'unknown scan.huggingface.auto-map'],
    [
      'tokenizer_config.json',
      '{"auto_map": {"AutoTokenizer": ["tokenization_x.XTokenizer", null]}}',
      'unknown scan.huggingface.auto-map',
    ],
    [
      'config.json',
      '{"auto_map": {"AutoModel": "owner/other--modeling_x.XModel"}}',
      'fail scan.huggingface.remote-code',
    ],
    [
      'config.json',
      '{"custom_pipelines": {"x": {"impl": "pipeline.XPipeline", "pt": ["AutoModel"]}}}',
      'unknown scan.huggingface.auto-map',
    ],
    ['config.json', '{"trust_remote_code": true}', 'unknown scan.huggingface.trust'],
    ['config.json', '{"model": {"_target_": "package.Class"}}', 'unknown scan.config.target'],
    ['config.json', '{"model": {"_target_": "subprocess.run"}}', 'fail scan.config.interpreter'],
    ['config.yaml', 'model:\n  _target_: os.system\n', 'fail scan.config.interpreter'],
    ['config.yaml', 'model: {"_target_": "os.system"}\n', 'fail scan.config.interpreter'],
    ['adapter_config.json', '{"auto_mapping": {"parent_library": "package.module"}}', 'unknown scan.config.target'],
    ['modules.json', '[{"type": "package.Module"}]', 'unknown scan.config.target'],
    ['model_index.json', '{"unet": ["my_unet", "MyUnet"]}', 'unknown scan.huggingface.auto-map'],
    ['data.json', '{"x": {"py/object": "package.Class"}}', 'fail scan.json.objects'],
    ['data.json', String.raw`{"x": {"\u0070y/reduce": []}}`, 'fail scan.json.objects'],
    ['tokenizer_config.json', `{"chat_template": "{{ ''.__class__ }}"}`, 'fail scan.template.escape'],
    [
      'tokenizer_config.json',
      `{"chat_template": [{"name": "x", "template": "{{ ''.__class__ }}"}]}`,
      'fail scan.template.escape',
    ],
    ['tokenizer_config.json', `{"chat_template": {"x": "{{ ''.__class__ }}"}}`, 'fail scan.template.escape'],
    ['processor_config.json', `{"processor": {"chat_template": "{{ ''.__class__ }}"}}`, 'fail scan.template.escape'],
    ['model.safetensors.index.json', '{"weight_map": {"a": "../secret.bin"}}', 'fail scan.weights.path'],
    ['model.safetensors.index.json', '{"weight_map": {"a": "/etc/passwd"}}', 'fail scan.weights.path'],
    ['model.safetensors.index.json', String.raw`{"weight_map": {"a": "..\\x.bin"}}`, 'fail scan.weights.path'],
    ['model.safetensors.index.json', '{"weight_map": {"a": "https://example.org/x.bin"}}', 'fail scan.weights.path'],
    ['tokenizer_config.json', '{"special_tokens_map_file": "/srv/x/special_tokens_map.json"}', 'warn scan.config.path'],
    ['config.json', '{"a": 1, "a": 2}', 'unknown scan.json.duplicate'],
    ['model.ipynb', '{"cells": [], "nbformat": 4, "metadata": {}}', 'unknown scan.code.beside'],
    ['model.json', '{"class_name": "Sequential", "config": {}}', 'unknown'],
    ['config.json', '{"a": 1} {"b": 2}', 'unknown scan.misnamed'],
    ['config.json', '{"a": 1,}', 'unknown scan.misnamed'],
    ['config.json', '[['.repeat(1000), 'unknown scan.misnamed'],
  ])('%s: %.60s', async (name, content, verdict) => {
    expect(await scan(name, content)).toBe(verdict);
  });
});

describe('YAML that is more than data', () => {
  const bomb = Array.from(
    { length: 9 },
    (_, level) => `l${level}: &l${level} [${`*l${level - 1},`.repeat(level === 0 ? 0 : 9)}x]`,
  );
  it.each<[string, string]>([
    ['a: !!python/object/apply:os.system [id]', 'fail scan.yaml.object'],
    ['"a #": !!python/name:os.system', 'fail scan.yaml.object'],
    ['? "x\n# y"\n: !!python/name:os.system ""', 'fail scan.yaml.object'],
    ['{"a":!!python/name:os.system ""}', 'fail scan.yaml.object'],
    ['a: !<tag:yaml.org,2002:python/name:os.system> ""', 'fail scan.yaml.object'],
    ['# c\u0085a: !!python/name:os.system ""', 'fail scan.yaml.object'],
    ['%TAG ! tag:yaml.org,2002:python/\n---\na: !name:os.system ""', 'unknown scan.yaml.tag'],
    ['a: !custom 1', 'unknown scan.yaml.tag'],
    ['!custom\na: 1', 'unknown scan.yaml.tag'],
    [bomb.join('\n'), 'fail scan.yaml.bomb'],
    ['trust_remote_code: yes', 'unknown scan.huggingface.trust'],
  ])('%s', async (content, verdict) => {
    expect(await scan('config.yaml', content)).toBe(verdict);
  });
});

describe('code, programs, pages and what is none of a model', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['modeling_x.py', 'import os\n', 'unknown scan.code.beside'],
    ['run.sh', 'echo\n', 'unknown scan.code.beside'],
    ['run', '#!/bin/sh\necho\n', 'unknown scan.code.beside'],
    ['README.md', '#!/bin/sh\necho\n', 'unknown scan.code.beside'],
    ['README.cgi', 'x\n', 'unknown'],
    ['LICENSE.wsgi', 'x\n', 'unknown'],
    ['version.command', 'x\n', 'unknown'],
    ['index.js', 'x()\n', 'unknown scan.code.beside'],
    ['page.html', '<html></html>\n', 'unknown'],
    ['picture.svg', '<svg onload="x()"/>\n', 'unknown'],
    ['README.md', '<script>x()</script>\n', 'unknown'],
    ['data.xyz', 'some text\n', 'unknown'],
    ['weights.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'unknown'],
    ['notes.txt', "cos\nsystem\n(S'true'\ntR.", 'fail scan.disguised scan.pickle.process'],
    ['notes.txt', "(S'true'\nios\nsystem\n.", 'fail scan.disguised scan.pickle.process'],
    ['notes.txt', 'I1\n0cbuiltins\neval\n(V1\ntR', 'fail scan.disguised scan.pickle.code'],
    ['notes.txt', 'text with a \u0000 in it', 'unknown'],
    ['notes.txt', new Uint8Array([0x61, 0xff, 0x62]), 'unknown'],
    ['notes.txt', `${'a'.repeat(100_000)}\u001b[2J`, 'unknown'],
    ['libx.so', Buffer.from('7f454c46020101', 'hex'), 'unknown scan.code.executable'],
    ['notes.txt', Buffer.from('7f454c46020101', 'hex'), 'fail scan.code.executable scan.disguised'],
    ['x.tflite', Buffer.from('1c00000054464c33', 'hex'), 'unknown'],
    ['x.mlmodel', Buffer.from('0805', 'hex'), 'unknown'],
    ['x.png', Buffer.from('89504e470d0a1a0a00', 'hex'), 'unknown'],
    ['x.cbm', Buffer.from('43424d3100', 'hex'), 'unknown'],
  ])('%s: %.60s', async (name, content, verdict) => {
    expect(await scan(name, content)).toBe(verdict);
  });

  it('say what to do, where there is something', async () => {
    const result = await scanBytes(folder, 'old.model', Buffer.from('62696e6600000000', 'hex'));
    expect(result.left[0]!.reason).toContain('deprecated');
    expect(result.left[0]!.fix).toContain('save_model');
  });
});
