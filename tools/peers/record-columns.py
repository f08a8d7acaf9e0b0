"""Makes labelled tables of forty countries: whose data is in which column.

    PYTHONHASHSEED=0 ~/.cache/holdfast-peers/recognisers/bin/python tools/peers/record-columns.py

writes packages/data/test/fixtures/pii-columns.json.gz. Numbers are judged by python-stdnum and phonenumbers, the rest is made by
Faker; nobody's are real but by chance. One object: `versions` of the libraries, `format` in words, and `tables`, each a
`country`, a count of `rows` and `columns`. See `format` in the file, which is what DESCRIPTION below says.
"""

import datetime
import gzip
import hashlib
import json
import os
import random
import string
import uuid
from importlib.machinery import SourceFileLoader
from importlib.metadata import version
from pathlib import Path

import phonenumbers
from faker import Faker

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "packages" / "data" / "test" / "fixtures" / "pii-columns.json.gz"
numbers = SourceFileLoader("record_recognisers", str(HERE / "record-recognisers.py")).load_module()
rnd = random.Random(20261128)
numbers.rnd = random.Random(20261129)
Faker.seed(20261128)

DESCRIPTION = {
    "kind": "`entity`: cells are values of the one type in `types`; `text`: sentences, some of which have values of `types` in "
    "them; `decoy`: nobody's; `beyond`: personal, and of what recognisers do not look for (names, addresses, places)",
    "types": "names of entity types of packages/recognisers; empty for `decoy` and `beyond`",
    "template": "how the numbers were drawn, or which decoy it is",
    "checked": "whether the type has check digits or a check as strong: what can be told without a header",
    "headers": "`helpful` names the type (for a decoy: says what it is), `unhelpful` says nothing, `misleading` names something "
    "else: for an entity what is nobody's, for a decoy a checked type of the country",
    "cells": "null where it is missing; `noise` counts those that are no value of the type: words, dashes, numbers with a wrong sign",
}

# Country, locale of Faker, national types with the names that their columns have.
COUNTRIES = {
    "SE": ("sv_SE", {"se-personnummer": ["personnummer", "person_nr", "Personnummer (ÅÅMMDD-XXXX)"]}),
    "NO": ("no_NO", {"no-fodselsnummer": ["fodselsnummer", "fødselsnummer", "fnr"]}),
    "DK": ("da_DK", {"dk-cpr": ["cpr_nummer", "cpr", "CPR-nr"]}),
    "FI": ("fi_FI", {"fi-hetu": ["henkilotunnus", "hetu", "Henkilötunnus"]}),
    "IS": (None, {"is-kennitala": ["kennitala", "kennitala_greidanda", "Kennitala"]}),
    "EE": ("et_EE", {"ee-isikukood": ["isikukood", "kliendi_isikukood", "Isikukood"]}),
    "LT": ("lt_LT", {"lt-asmens-kodas": ["asmens_kodas", "Asmens kodas", "asmensKodas"]}),
    "LV": ("lv_LV", {"lv-personas-kods": ["personas_kods", "Personas kods", "personasKods"]}),
    "PL": ("pl_PL", {"pl-pesel": ["pesel", "nr_pesel", "PESEL klienta"], "pl-nip": ["nip", "NIP firmy"], "pl-regon": ["regon"]}),
    "DE": ("de_DE", {"de-steuer-id": ["steuer_id", "steuerIdentifikationsnummer", "IdNr"]}),
    "AT": ("de_AT", {"at-sozialversicherungsnummer": ["sv_nummer", "svnr", "Sozialversicherungsnummer"]}),
    "CH": ("de_CH", {"ch-ahv": ["ahv_nummer", "AHV-Nr", "no_avs"], "ch-uid": ["uid", "UID Firma"]}),
    "CZ": ("cs_CZ", {"cz-sk-rodne-cislo": ["rodne_cislo", "rodné číslo", "rodneCislo"]}),
    "RO": ("ro_RO", {"ro-cnp": ["cnp", "CNP client", "cod_numeric_personal"]}),
    "BG": ("bg_BG", {"bg-egn": ["egn", "ЕГН", "egn_klient"]}),
    "GR": ("el_GR", {"gr-amka": ["amka", "ΑΜΚΑ", "amka_no"]}),
    "HR": ("hr_HR", {"hr-oib": ["oib", "OIB", "oib_kupca"]}),
    "SI": ("sl_SI", {"yu-jmbg": ["emso", "EMŠO", "jmbg"]}),
    "TR": ("tr_TR", {"tr-kimlik": ["tc_kimlik_no", "TCKN", "tcKimlikNo"]}),
    "GB": ("en_GB", {"gb-nhs": ["nhs_number", "nhsNumber", "NHS No"], "gb-utr": ["utr", "utr_number"]}),
    "IE": ("en_IE", {"ie-pps": ["pps_number", "ppsn", "PPS No"]}),
    "FR": ("fr_FR", {"fr-nir": ["nir", "numero_securite_sociale", "n° sécurité sociale"], "fr-siren": ["siren"], "fr-siret": ["siret", "n_siret"]}),
    "IT": ("it_IT", {"it-codice-fiscale": ["codice_fiscale", "codiceFiscale", "cod. fiscale"], "it-partita-iva": ["partita_iva", "p_iva"]}),
    "ES": ("es_ES", {"es-nif": ["nif", "dni", "DNI/NIE"], "es-cif": ["cif", "cif_empresa"]}),
    "PT": ("pt_PT", {"pt-nif": ["nif", "contribuinte", "NIF do cliente"]}),
    "NL": ("nl_NL", {"nl-bsn": ["bsn", "burgerservicenummer", "BSN"]}),
    "BE": ("nl_BE", {"be-rijksregisternummer": ["rijksregisternummer", "insz", "numero_national"]}),
    "US": ("en_US", {"us-ssn": ["ssn", "social_security_number", "SSN"], "us-itin": ["itin"], "us-routing": ["routing_number", "aba_routing"], "us-ein": ["ein", "employer_id"]}),
    "CA": ("en_CA", {"ca-sin": ["sin", "social_insurance_number", "SIN / NAS"]}),
    "MX": ("es_MX", {"mx-curp": ["curp", "CURP"], "mx-rfc": ["rfc", "RFC"]}),
    "BR": ("pt_BR", {"br-cpf": ["cpf", "cpf_cliente", "CPF"], "br-cnpj": ["cnpj", "cnpj_empresa"]}),
    "CL": ("es_CL", {"cl-rut": ["rut", "RUT cliente", "rut_cliente"]}),
    "AR": ("es_AR", {"ar-cuit": ["cuit", "CUIT/CUIL", "cuil"]}),
    "EC": (None, {"ec-cedula": ["cedula", "cédula", "cedula_identidad"]}),
    "IN": ("en_IN", {"in-aadhaar": ["aadhaar", "aadhaar_number", "uidai_no"], "in-pan": ["pan_number", "pan"], "in-gstin": ["gstin", "gst_no"]}),
    "CN": ("zh_CN", {"cn-resident-identity": ["身份证号", "身份证号码", "resident_identity"]}),
    "JP": ("ja_JP", {"jp-my-number": ["マイナンバー", "my_number", "個人番号"]}),
    "KR": ("ko_KR", {"kr-rrn": ["주민등록번호", "rrn", "resident_registration_number"]}),
    "TH": ("th_TH", {"th-identity": ["เลขประจำตัวประชาชน", "thai_id", "national_id"]}),
    "MY": (None, {"my-kad": ["mykad", "nric", "no_kad_pengenalan"]}),
    "AU": ("en_AU", {"au-tfn": ["tfn", "tax_file_number", "TFN"], "au-abn": ["abn", "ABN"]}),
    "NZ": ("en_NZ", {"nz-ird": ["ird_number", "ird", "IRD No"]}),
    "IL": ("he_IL", {"il-teudat-zehut": ["teudat_zehut", "תעודת זהות", "tz"]}),
    "ZA": ("zu_ZA", {"za-identity": ["sa_id_number", "rsa_id", "id_number"]}),
}
# A form and a date or a range, and no check digits.
UNCHECKED = {"us-ssn", "us-itin", "us-ein", "my-kad", "dk-cpr", "in-pan", "date-of-birth", "passport-number", "ipv4", "phone-national"}
UNHELPFUL = ["value", "field_{}", "c{}", "col{}", "Unnamed: {}", "data", "x{}", "attribute{}", "column {}", "v{}"]
HARMLESS = ["order_no", "amount", "sku", "batch", "invoice", "quantity", "row_hash", "build", "reading", "version"]
NOISE = ["n/a", "-", "unknown", "see notes", "TBD", "?", "none", "pending", "0", "N.N."]


def national(name, rows):
    module, templates, options = {n: (m, t, o) for n, m, t, o in numbers.STDNUM if not (n == "es-nif" and m == "es.nie")}[name]
    found = numbers.importlib.import_module(f"stdnum.{module}")
    template = rnd.choice(templates)
    return [numbers.brute_force(template, lambda text: found.is_valid(text, **options)) for _ in range(rows)], template


def phone(country, rows, form):
    result = []
    while len(result) < rows:
        number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
        number.national_number += rnd.randrange(4000)
        if phonenumbers.is_valid_number(number):
            result.append(phonenumbers.format_number(number, form))
    return result


def card():
    prefix, length = rnd.choice([("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16), ("3530", 16)])
    body = prefix + numbers.some(string.digits, length - len(prefix) - 1)
    return body + numbers.importlib.import_module("stdnum.luhn").calc_check_digit(body)


def spaced_card():
    text = card()
    while len(text) != 16:
        text = card()
    return " ".join(text[at : at + 4] for at in range(0, 16, 4))


def date(start=1935, end=2008):
    return datetime.date(start, 1, 1) + datetime.timedelta(days=rnd.randrange((end - start) * 365))


def common(country, faker, rows):
    """Types that are everybody's: name, cells, headers, template."""
    pattern = rnd.choice(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"])
    imei = numbers.importlib.import_module("stdnum.luhn").calc_check_digit
    has_iban = country in "DE FR ES IT NL PL GB AT CH NO FI PT GR TR SE DK".split()
    iban = (lambda: faker.iban()) if has_iban else (lambda: Faker("de_DE").iban())
    grouped = rnd.random() < 0.5
    form = rnd.choice([phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164])
    plain = rnd.random() < 0.6
    body = lambda: rnd.choice(["35", "86", "01"]) + numbers.some(string.digits, 12)

    def an_iban():
        text = iban()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4)) if grouped else text

    def an_imei():
        text = body()
        return text + imei(text)

    return [
        ("email", [Faker("en_US").email() if rnd.random() < 0.1 else Faker("en_US").free_email() for _ in range(rows)], ["email", "e_mail", "contactEmail", "mail"], "email"),
        ("phone", phone(country, rows, form), ["phone", "telephone", "mobile_phone", "tel"], "international"),
        ("iban", [an_iban() for _ in range(rows)], ["iban", "bank_account", "IBAN"], "grouped" if grouped else "compact"),
        ("credit-card", [card() if plain else spaced_card() for _ in range(rows)], ["card_number", "creditCard", "pan", "Card No"], "plain" if plain else "grouped"),
        ("ipv4", [faker.ipv4_public() for _ in range(rows)], ["ip", "client_ip", "ip_address"], "ipv4"),
        ("ipv6", [faker.ipv6() for _ in range(rows)], ["ipv6", "client_ipv6"], "ipv6"),
        ("mac-address", [faker.mac_address() for _ in range(rows)], ["mac", "mac_address"], "mac"),
        ("imei", [an_imei() for _ in range(rows)], ["imei", "device_imei"], "imei"),
        ("vin", [Faker("en_US").vin() for _ in range(rows)], ["vin", "vehicle_vin"], "vin"),
        ("date-of-birth", [date().strftime(pattern) for _ in range(rows)], ["date_of_birth", "dob", "birthDate"], pattern),
        ("passport-number", [numbers.fill("A########") for _ in range(rows)], ["passport_no", "passportNumber"], "A########"),
        ("url", [faker.url() + faker.uri_path() for _ in range(rows)], ["homepage", "profile_url"], "url"),
    ]


def ean():
    body = numbers.some(string.digits, 12)
    return body + str(-sum(int(sign) * (3 if at % 2 else 1) for at, sign in enumerate(body)) % 10)


def decoys(rows):
    base = rnd.randrange(10**7, 10**9)
    length = rnd.choice([9, 10, 11, 12, 13])
    hexa = lambda: rnd.randbytes(32)
    moment = lambda: datetime.datetime(2015, 1, 1) + datetime.timedelta(seconds=rnd.randrange(330_000_000))
    words = "shipped late damaged box returned paid cash checked twice blue large second floor customer asked again".split()
    return [
        ("sequence", ["order_id", "orderNo"], [str(base + at) for at in range(rows)]),
        ("random digits", ["ticket", "reference_code"], [numbers.some("123456789") + numbers.some(string.digits, length - 1) for _ in range(rows)]),
        ("sixteen digits", ["transaction_ref"], [numbers.some("123456789") + numbers.some(string.digits, 15) for _ in range(rows)]),
        ("epoch", ["created", "ts"], [str(rnd.randrange(1_500_000_000, 1_790_000_000)) for _ in range(rows)]),
        ("epoch in milliseconds", ["created_ms", "event_time"], [str(rnd.randrange(1_500_000_000_000, 1_790_000_000_000)) for _ in range(rows)]),
        ("time", ["updated_at"], [moment().strftime("%Y-%m-%dT%H:%M:%SZ") for _ in range(rows)]),
        ("day", ["order_date", "shipped"], [date(2018, 2026).strftime("%Y-%m-%d") for _ in range(rows)]),
        ("sha256", ["sha256", "row_hash"], [hashlib.sha256(hexa()).hexdigest() for _ in range(rows)]),
        ("md5", ["etag"], [hashlib.md5(hexa()).hexdigest() for _ in range(rows)]),
        ("uuid", ["session", "request_id"], [str(uuid.UUID(bytes=rnd.randbytes(16), version=4)) for _ in range(rows)]),
        ("price", ["price", "amount"], [f"{rnd.uniform(1, 9000):.2f}" for _ in range(rows)]),
        ("grouped price", ["turnover"], [f"{rnd.uniform(1000, 9_000_000):,.2f}" for _ in range(rows)]),
        ("count", ["quantity"], [str(rnd.randrange(1, 500)) for _ in range(rows)]),
        ("float", ["score", "weight"], [repr(rnd.random()) for _ in range(rows)]),
        ("article", ["sku"], [numbers.fill("AA-#####-A") for _ in range(rows)]),
        ("barcode", ["ean", "barcode"], [ean() for _ in range(rows)]),
        ("version", ["version"], [f"{rnd.randrange(9)}.{rnd.randrange(40)}.{rnd.randrange(200)}" for _ in range(rows)]),
        ("flag", ["is_active"], [rnd.choice(["true", "false"]) for _ in range(rows)]),
        ("category", ["segment"], [rnd.choice(["gold", "silver", "bronze"]) for _ in range(rows)]),
        ("invoice", ["invoice"], [f"{rnd.randrange(2015, 2027)}/{numbers.some(string.digits, 6)}" for _ in range(rows)]),
        ("remarks", ["remarks"], [" ".join(rnd.choices(words, k=rnd.randrange(3, 12))) for _ in range(rows)]),
    ]


def noisy(cells):
    """Some cells missing, some that are something else, some with a wrong sign; and how many are no values of it."""
    missing, noise = rnd.choice([0, 0, 0.1, 0.4]), rnd.choice([0, 0, 0.02, 0.05, 0.1])
    count, result = 0, []
    for cell in cells:
        if rnd.random() < missing:
            result.append(None)
        elif rnd.random() < noise:
            count += 1
            result.append(rnd.choice(NOISE) if rnd.random() < 0.6 else numbers.change(cell))
        else:
            result.append(cell)
    return result, count


def column(kind, types, template, checked, headers, cells, is_noisy=True):
    cells, noise = noisy(cells) if is_noisy else (cells, 0)
    return {"kind": kind, "types": types, "template": template, "checked": checked, "headers": headers, "noise": noise, "cells": cells}


def headers(helpful, misleading):
    return {
        "helpful": rnd.choice(helpful),
        "unhelpful": rnd.choice(UNHELPFUL).format(rnd.randrange(1, 40)),
        "misleading": rnd.choice(misleading),
    }


def text_column(name, cells, word):
    frames = ["spoke with client, {word}: {value}, calls back", "{value} given as {word}", "updated {word} {value} by mail", "{word} = {value}"]
    plain = ["called twice, no answer", "wants an invoice in two copies", "paid on time", "order 4711 was late"]
    texts = [rnd.choice(frames).format(word=word, value=cell) if rnd.random() < 0.3 else rnd.choice(plain) for cell in cells]
    return column("text", [name], "sentences", name not in UNCHECKED, headers(["notes", "comment"], HARMLESS), texts, is_noisy=False)


def table(country, locale, types):
    rows = rnd.choice([30, 40, 60])
    faker = Faker(locale or "en_US")
    columns, checked_headers = [], []
    for name, helpful in types.items():
        cells, template = national(name, rows)
        columns.append(column("entity", [name], template, name not in UNCHECKED, headers(helpful, HARMLESS), cells))
        if name not in UNCHECKED:
            checked_headers += helpful
    everybody = common(country, faker, rows)
    for name, cells, helpful, template in rnd.sample(everybody, 6):
        columns.append(column("entity", [name], template, name not in UNCHECKED, headers(helpful, HARMLESS), cells))
    name = next(iter(types))
    columns.append(text_column(name, national(name, rows)[0], types[name][0].replace("_", " ")))
    for template, helpful, cells in rnd.sample(decoys(rows), 9):
        columns.append(column("decoy", [], template, False, headers(helpful, checked_headers or ["card_number", "iban"]), cells))
    beyond = [
        ("name", ["name", "customer_name"], lambda: faker.name()),
        ("address", ["address", "street"], lambda: faker.street_address()),
        ("place", ["city"], lambda: faker.city()),
    ]
    for template, helpful, make in rnd.sample(beyond, 2):
        columns.append(column("beyond", [], template, False, headers(helpful, HARMLESS), [make() for _ in range(rows)]))
    rnd.shuffle(columns)
    return {"country": country, "rows": rows, "columns": columns}


def main():
    # Faker draws some cities from sets, whose order is that of hashes.
    if os.environ.get("PYTHONHASHSEED") != "0":
        raise SystemExit("set PYTHONHASHSEED=0")
    tables = []
    for country, (locale, types) in COUNTRIES.items():
        tables.append(table(country, locale, types))
        print(country, len(tables[-1]["columns"]), flush=True)
    versions = {name: version(name) for name in ["python-stdnum", "Faker", "phonenumbers"]}
    text = json.dumps({"versions": versions, "format": DESCRIPTION, "tables": tables}, ensure_ascii=False, separators=(",", ":"))
    OUT.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(len(text), OUT.stat().st_size)


if __name__ == "__main__":
    main()
