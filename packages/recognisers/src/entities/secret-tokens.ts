import { hasTokenChecksum } from '../checksums/crc32-token.ts';
import type { EntityType } from '../entity-type.ts';
import { pattern } from '../form.ts';

interface Token {
  readonly name: string;
  readonly title: string;
  readonly reference: string;
  /** Of bounded length, and telling from its beginning. */
  readonly body: string;
  /** How it begins, as far as that is rare. */
  readonly start: string;
  readonly longest: number;
  /** Whether its last signs are a published checksum. */
  readonly hasChecksum?: true;
}

const base64url = '[0-9A-Za-z_-]';
const alphanumeric = '[0-9A-Za-z]';

// Prefixes as those who issue them publish them.
const tokens: readonly Token[] = [
  {
    name: 'aws-access-key',
    title: 'Access key of Amazon Web Services',
    reference: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
    start: '(?:AKIA|ASIA|ABIA|ACCA)[2-7A-Z]',
    body: '(?:AKIA|ASIA|ABIA|ACCA)[2-7A-Z]{16}',
    longest: 20,
  },
  {
    name: 'gcp-api-key',
    title: 'API key of Google Cloud',
    reference: 'https://cloud.google.com/docs/authentication/api-keys',
    start: 'AIza',
    body: `AIza${base64url}{35}`,
    longest: 39,
  },
  {
    name: 'gcp-client-secret',
    title: 'OAuth client secret of Google',
    reference: 'https://developers.google.com/identity/protocols/oauth2',
    start: 'GOCSPX-',
    body: `GOCSPX-${base64url}{28}`,
    longest: 35,
  },
  {
    name: 'gcp-access-token',
    title: 'OAuth access token of Google',
    reference: 'https://cloud.google.com/docs/authentication/token-types',
    start: 'ya29\\.',
    body: `ya29\\.${base64url}{20,1024}`,
    longest: 1029,
  },
  {
    name: 'azure-client-secret',
    title: 'Client secret of Microsoft Entra',
    reference: 'https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret',
    start: '[0-9A-Za-z_~.-]{3}[0-9]Q~',
    body: '[0-9A-Za-z_~.-]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}',
    longest: 40,
  },
  {
    name: 'azure-storage-key',
    title: 'Account key of Azure Storage',
    reference: 'https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string',
    start: 'AccountKey=',
    body: 'AccountKey=[0-9A-Za-z+/]{86}==',
    longest: 99,
  },
  {
    name: 'github-token',
    title: 'Token of GitHub',
    reference: 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
    start: 'gh[pousr]_',
    body: `gh[pousr]_${alphanumeric}{36}`,
    longest: 40,
    hasChecksum: true,
  },
  {
    name: 'github-fine-grained-token',
    title: 'Fine-grained token of GitHub',
    reference:
      'https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github',
    start: 'github_pat_',
    body: `github_pat_${alphanumeric}{22}_${alphanumeric}{59}`,
    longest: 93,
  },
  {
    name: 'gitlab-token',
    title: 'Token of GitLab',
    reference: 'https://docs.gitlab.com/security/tokens/#token-prefixes',
    start: 'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-',
    body: `gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-${base64url}{20,64}`,
    longest: 72,
  },
  {
    name: 'slack-token',
    title: 'Token of Slack',
    reference: 'https://docs.slack.dev/authentication/tokens',
    start: 'xox[abeoprs]-',
    body: `xox[abeoprs]-[0-9A-Za-z-]{20,250}`,
    longest: 255,
  },
  {
    name: 'slack-webhook',
    title: 'Incoming webhook of Slack',
    reference: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
    start: 'https://hooks\\.slack\\.com/',
    body: `https://hooks\\.slack\\.com/services/T${alphanumeric}{8,12}/B${alphanumeric}{8,12}/${alphanumeric}{20,32}`,
    longest: 100,
  },
  {
    name: 'stripe-key',
    title: 'Secret key of Stripe',
    reference: 'https://docs.stripe.com/keys',
    start: '[rs]k_(?:live|test)_',
    body: `(?:sk|rk)_(?:live|test)_${alphanumeric}{24,247}`,
    longest: 255,
  },
  {
    name: 'stripe-webhook-secret',
    title: 'Signing secret of Stripe',
    reference: 'https://docs.stripe.com/webhooks',
    start: 'whsec_',
    body: `whsec_[0-9A-Za-z+/=]{32,64}`,
    longest: 70,
  },
  {
    name: 'openai-key',
    title: 'API key of OpenAI',
    reference: 'https://platform.openai.com/docs/api-reference/authentication',
    start: 'sk-[0-9A-Za-z_-]{20}',
    body: `sk-(?:(?:proj|svcacct|admin)-)?${base64url}{20,74}T3BlbkFJ${base64url}{20,74}`,
    longest: 170,
  },
  {
    name: 'anthropic-key',
    title: 'API key of Anthropic',
    reference: 'https://docs.anthropic.com/en/api/overview',
    start: 'sk-ant-',
    body: `sk-ant-(?:api|admin)[0-9]{2}-${base64url}{80,120}`,
    longest: 140,
  },
  {
    name: 'hugging-face-token',
    title: 'Token of Hugging Face',
    reference: 'https://huggingface.co/docs/hub/security-tokens',
    start: '(?:hf|api_org)_[A-Za-z]',
    body: `(?:hf|api_org)_[A-Za-z]{34}`,
    longest: 42,
  },
  {
    name: 'npm-token',
    title: 'Token of npm',
    reference: 'https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/',
    start: 'npm_',
    body: `npm_${alphanumeric}{36}`,
    longest: 40,
    hasChecksum: true,
  },
  {
    name: 'pypi-token',
    title: 'Token of PyPI',
    reference: 'PyPI, help, "How can I use API tokens to authenticate with PyPI?"',
    start: 'pypi-AgE',
    body: `pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)${base64url}{50,1000}`,
    longest: 1024,
  },
  {
    name: 'sendgrid-key',
    title: 'API key of SendGrid',
    reference: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    start: 'SG\\.',
    body: `SG\\.${base64url}{22}\\.${base64url}{43}`,
    longest: 69,
  },
  {
    name: 'digitalocean-token',
    title: 'Token of DigitalOcean',
    reference: 'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
    start: 'do[opr]_v1_',
    body: `do[opr]_v1_[0-9a-f]{64}`,
    longest: 71,
  },
  {
    name: 'shopify-token',
    title: 'Token of Shopify',
    reference: 'https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing',
    start: 'shp(?:at|ca|pa|ss)_',
    body: `shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`,
    longest: 38,
  },
  {
    name: 'databricks-token',
    title: 'Token of Databricks',
    reference: 'https://docs.databricks.com/dev-tools/auth/pat.html',
    start: 'dapi[0-9a-f]',
    body: `dapi[0-9a-f]{32}(?:-[0-9])?`,
    longest: 38,
  },
  {
    name: 'docker-token',
    title: 'Token of Docker Hub',
    reference: 'https://docs.docker.com/security/for-developers/access-tokens/',
    start: 'dckr_',
    body: `dckr_(?:pat|oat)_${base64url}{27,32}`,
    longest: 41,
  },
  {
    name: 'vault-token',
    title: 'Token of Vault',
    reference: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
    start: 'hv[sbr]\\.',
    body: `hv[sbr]\\.${base64url}{24,200}`,
    longest: 204,
  },
  {
    name: 'telegram-bot-token',
    title: 'Token of a Telegram bot',
    reference: 'https://core.telegram.org/bots/api#authorizing-your-bot',
    start: '[0-9]{8,10}:AA',
    body: `[0-9]{8,10}:AA${base64url}{33}`,
    longest: 46,
  },
  {
    name: 'age-secret-key',
    title: 'Secret key of age',
    reference: 'https://age-encryption.org/v1',
    start: 'AGE-SECRET-KEY-1',
    body: `AGE-SECRET-KEY-1[0-9A-Z]{58}`,
    longest: 74,
  },
];

function entityOf({ name, title, reference, body, start, longest, hasChecksum }: Token): EntityType {
  return {
    name,
    title,
    countries: [],
    classes: ['secret'],
    reference,
    forms: [
      pattern(name, {
        begins: start,
        exact: `(?<![0-9A-Za-z])${body}(?![0-9A-Za-z])`,
        longest,
      }),
    ],
    ...(hasChecksum === true ? { checksum: 'crc32', check: hasTokenChecksum } : {}),
    chance: hasChecksum === true ? 1e-9 : 0.02,
    context: {},
  };
}

/** Tokens whose beginning says whose they are. */
export const secretTokens: readonly EntityType[] = tokens.map(entityOf);
