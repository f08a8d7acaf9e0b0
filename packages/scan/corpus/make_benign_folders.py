"""Folders as they are downloaded: weights, configurations, tokenizers, templates, texts."""

import json

import numpy
import safetensors.numpy

from sample import Family

family = Family("benign", "folders", "specification")
rng = numpy.random.default_rng(4)

CHATML = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
README = "---\nlicense: apache-2.0\nlanguage:\n- en\ntags:\n- text-generation\n---\n\n# A tiny model\n\nFor tests only. See [the paper](https://example.org/paper).\n"
KINDS = {
    "bert-tiny": {"architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_size": 8, "num_attention_heads": 2, "vocab_size": 30},
    "gpt2-tiny": {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_embd": 8, "n_head": 2, "activation_function": "gelu_new"},
    "llama-tiny": {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8, "rope_scaling": None, "torch_dtype": "bfloat16"},
    "vit-tiny": {"architectures": ["ViTForImageClassification"], "model_type": "vit", "id2label": {"0": "cat", "1": "dog"}, "image_size": 32},
    "whisper-tiny": {"architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper", "d_model": 8},
}


def text(value):
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def tokenizer(words):
    vocabulary = {word: number for number, word in enumerate(words)}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": 0, "content": "<s>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}],
        "normalizer": {"type": "NFC"}, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "vocab": vocabulary, "merges": [["a", "b"]]},
    }


for name, config in KINDS.items():
    words = ["<s>", "a", "b", "ab", *(f"w{number}" for number in range(20))]
    weights = {f"layer.{number}.weight": rng.normal(size=(4, 4)).astype("float32") for number in range(3)}
    files = {
        "config.json": ("json", text(config | {"transformers_version": "4.57.1"})),
        "generation_config.json": ("json", text({"bos_token_id": 0, "eos_token_id": [1, 2], "temperature": 0.7, "do_sample": True})),
        "tokenizer.json": ("json", text(tokenizer(words))),
        "tokenizer_config.json": ("json", text({"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 1000000000000000019884624838656, "chat_template": CHATML, "added_tokens_decoder": {"0": {"content": "<s>", "special": True}}})),
        "special_tokens_map.json": ("json", text({"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": False}})),
        "model.safetensors": ("safetensors", safetensors.numpy.save(weights, {"format": "pt"})),
        "README.md": ("text", README.encode()),
        ".gitattributes": ("text", b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.bin filter=lfs diff=lfs merge=lfs -text\n"),
    }
    if name == "gpt2-tiny":
        files["vocab.json"] = ("json", text({word: number for number, word in enumerate(words)}))
        files["merges.txt"] = ("text", "#version: 0.2\nĠ t\na b\n".encode())
    if name == "bert-tiny":
        files["vocab.txt"] = ("text", "\n".join(["[PAD]", "[UNK]", "[CLS]", "##ing", *words]).encode() + b"\n")
    if name == "llama-tiny":
        files["chat_template.jinja"] = ("jinja", CHATML.encode())
        files["LICENSE"] = ("text", b"Apache License\nVersion 2.0, January 2004\n")
    if name in ("vit-tiny", "whisper-tiny"):
        files["preprocessor_config.json"] = ("json", text({"do_resize": True, "size": {"height": 32, "width": 32}, "image_mean": [0.5, 0.5, 0.5], "image_processor_type": "ViTImageProcessor"}))
    for path, (format, data) in files.items():
        family.add(f"{name}/{path}", data, format, f"a file of a model's folder: {path}", folder=name)

LORA = {"peft_type": "LORA", "base_model_name_or_path": "example/llama-tiny", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"}
family.add("adapter/adapter_config.json", text(LORA), "json", "the configuration of an adapter", folder="adapter")
family.add("adapter/adapter_model.safetensors", safetensors.numpy.save({"lora_A": numpy.ones((2, 4), "float32")}), "safetensors", "the weights of an adapter", folder="adapter")
INDEX = {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.35.0", "unet": ["diffusers", "UNet2DConditionModel"], "scheduler": ["diffusers", "PNDMScheduler"], "safety_checker": [None, None]}
family.add("diffusion/model_index.json", text(INDEX), "json", "the parts of a pipeline", folder="diffusion")
family.add("diffusion/unet/config.json", text({"_class_name": "UNet2DConditionModel", "sample_size": 8, "in_channels": 4}), "json", "the configuration of a part", folder="diffusion")
family.add("diffusion/unet/diffusion_pytorch_model.safetensors", safetensors.numpy.save({"w": numpy.ones(4, "float32")}), "safetensors", "the weights of a part", folder="diffusion")
family.add("diffusion/scheduler/scheduler_config.json", text({"_class_name": "PNDMScheduler", "beta_start": 0.00085, "num_train_timesteps": 1000}), "json", "the configuration of a part", folder="diffusion")
family.add("sentences/modules.json", text([{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}, {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]), "json", "the parts of a sentence model", folder="sentences")
family.add("sentences/1_Pooling/config.json", text({"word_embedding_dimension": 8, "pooling_mode_mean_tokens": True}), "json", "the configuration of a part", folder="sentences")
family.add("config/training.yaml", b"model: tiny\nlr: 0.001\nlayers: [64, 32]\n", "yaml", "settings of a training")
family.add("config/requirements.txt", b"torch==2.15.0\nsafetensors>=0.8\n", "text", "what the training needs")
family.add("config/labels.txt", b"cat\ndog\n", "text", "labels")
family.add("config/metrics.json", text({"accuracy": 0.93, "loss": 0.21}), "json", "what was measured")
family.add("config/settings.toml", b'[model]\nname = "tiny"\nlayers = 2\n', "text", "settings")

family.finish()
