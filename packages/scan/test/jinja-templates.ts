/** Chat templates in the style of transformers' documentation (docs/source/en/chat_templating*.md), written for this test. */
export const chatTemplates: Readonly<Record<string, string>> = {
  chatml: `{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' + message.content | trim + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`,
  systemFirst: `{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}`,
  tools: `{%- macro render_type(schema) -%}
  {%- if schema.type == 'object' -%}
    { {%- for name, property in schema.properties.items() -%} {{ name }}: {{ render_type(property) }}{% if not loop.last %}, {% endif %}{%- endfor -%} }
  {%- elif schema.type is string -%}{{ schema.type }}
  {%- elif schema.type is iterable and schema.type is not mapping -%}{{ schema.type | join(' | ') }}
  {%- else -%}any{%- endif -%}
{%- endmacro -%}
{%- set ns = namespace(multi_step=true, last_query_index=messages|length - 1) -%}
{%- for message in messages[::-1] -%}
  {%- set index = (messages|length - 1) - loop.index0 -%}
  {%- if ns.multi_step and message.role == "user" and not (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) -%}
    {%- set ns.multi_step = false -%}{%- set ns.last_query_index = index -%}
  {%- endif -%}
{%- endfor -%}
{%- if tools is defined and tools is not none and tools|length > 0 -%}
  {%- for tool in tools -%}{%- if tool.function is defined -%}{%- set tool = tool.function -%}{%- endif -%}
    {{- tool.name ~ '(' ~ render_type(tool.parameters) ~ ')\\n' -}}{{- tool | tojson(indent=4) -}}
  {%- endfor -%}
{%- endif -%}
{%- for message in messages -%}
  {%- if message.role == 'assistant' and 'tool_calls' in message and message.tool_calls -%}
    {%- for tool_call in message['tool_calls'] -%}
      {%- if tool_call.arguments is string -%}{{ tool_call.arguments }}{%- else -%}{{ tool_call.arguments|tojson }}{%- endif -%}
    {%- endfor -%}
  {%- elif message.content is string -%}
    {%- set content = message.content.split('</think>')[-1].lstrip('\\n') if '</think>' in message.content else message.content -%}
    {% generation %}{{- content -}}{% endgeneration %}
  {%- else -%}
    {%- for item in message['content'] -%}{%- if item['type'] == 'text' -%}{{ item['text'] | trim }}{%- else -%}{% continue %}{%- endif -%}{%- endfor -%}
  {%- endif -%}
{%- endfor -%}`,
  dates: `{#- a comment with {{ braces }} -#}
{%- if not date_string is defined -%}
  {%- if strftime_now is defined -%}{%- set date_string = strftime_now("%d %b %Y") -%}{%- else -%}{%- set date_string = "26 Jul 2024" -%}{%- endif -%}
{%- endif -%}
{{- "Today Date: " + date_string + "\\n\\n" -}}
{%- set sep = joiner(', ') -%}{%- for key, value in (documents[0] | default({})).items() | sort -%}{{ sep() }}{{ key | title | replace('_', ' ') }}{%- endfor -%}
{%- for doc in documents | selectattr('title', 'defined') | list -%}{{ doc['title'] }}{{ doc['text'][:100] }}{%- endfor -%}
{%- for group in messages | groupby('role') | map(attribute='grouper') -%}{{ group | upper }}{%- endfor -%}
{%- raw -%}{{ not.a.template.__class__ }}{%- endraw -%}`,
};
