"""Records what python-stdnum, base58, bech32, eth-utils and Faker say of random numbers.

    ~/.cache/holdfast-peers/recognisers/bin/python tools/peers/record-recognisers.py

writes packages/recognisers/test/vectors/peers.json: of each entity type numbers that the peer finds valid, and numbers that it does
not, which are valid ones with one sign changed or random ones of the same form.
"""

import importlib
import json
import random
import re
import string
import zlib
from importlib.metadata import version
from pathlib import Path

import base58
import bech32
import phonenumbers
from eth_utils import is_checksum_address, to_checksum_address
from faker import Faker

OUT = Path(__file__).parents[2] / "packages" / "recognisers" / "test" / "vectors" / "peers.json"
WANTED = 60
rnd = random.Random(20261128)
faker = Faker("en_US")
Faker.seed(20261128)


def some(letters, count=1):
    return "".join(rnd.choice(letters) for _ in range(count))


def date(order, women=0, plus=0):
    year, month, day = rnd.randint(1930, 2015), rnd.randint(1, 12), rnd.randint(1, 28)
    parts = {"Y": f"{year:04}", "y": f"{year % 100:02}", "m": f"{month:02}", "d": f"{day:02}", "t": f"{year % 1000:03}"}
    return "".join(parts[sign] for sign in order)


def fill(template):
    """`#` a digit, `A` a letter, `*` either, `%` one of A to J, `<ymd>` a date, everything else itself."""
    text = re.sub(r"<(\w+)>", lambda match: date(match[1]), template)
    out = ""
    for sign in text:
        if sign == "#":
            out += some(string.digits)
        elif sign == "A":
            out += some(string.ascii_uppercase)
        elif sign == "%":
            out += some("ABCDEFGHIJ")
        elif sign == "*":
            out += some(string.digits + string.ascii_uppercase)
        else:
            out += sign
    return out


# Entity type, module of python-stdnum, templates, and options of its is_valid.
STDNUM = [
    ("credit-card", "luhn", ["4###############", "51##############", "37#############", "6011############", "3530############"], {}),
    ("se-personnummer", "se.personnummer", ["<ymd>-####", "<ymd>####"], {}),
    ("no-fodselsnummer", "no.fodselsnummer", ["<dmy>#####"], {}),
    ("dk-cpr", "dk.cpr", ["<dmy>-####", "<dmy>####"], {}),
    ("fi-hetu", "fi.hetu", ["<dmy>-###*"], {}),
    ("is-kennitala", "is_.kennitala", ["<dmy>-###9", "<dmy>###0"], {}),
    ("ee-isikukood", "ee.ik", ["3<ymd>####", "4<ymd>####"], {}),
    ("lt-asmens-kodas", "lt.asmens", ["3<ymd>####", "4<ymd>####"], {}),
    ("lv-personas-kods", "lv.pvn", ["<dmy>-1####"], {}),
    ("pl-pesel", "pl.pesel", ["<ymd>#####"], {}),
    ("pl-nip", "pl.nip", ["##########", "###-###-##-##"], {}),
    ("pl-regon", "pl.regon", ["#########", "##############"], {}),
    ("de-steuer-id", "de.idnr", ["###########", "## ### ### ###"], {}),
    ("at-sozialversicherungsnummer", "at.vnr", ["#### <dmy>", "####<dmy>"], {}),
    ("ch-ahv", "ch.ssn", ["756.####.####.##", "756##########"], {}),
    ("ch-uid", "ch.uid", ["CHE-###.###.###"], {}),
    ("cz-sk-rodne-cislo", "cz.rc", ["<ymd>/####"], {}),
    ("ro-cnp", "ro.cnp", ["1<ymd>######", "2<ymd>######"], {}),
    ("bg-egn", "bg.egn", ["<ymd>####"], {}),
    ("gr-amka", "gr.amka", ["<dmy>#####"], {}),
    ("hr-oib", "hr.oib", ["###########"], {}),
    ("yu-jmbg", "si.emso", ["<dmt>######"], {}),
    ("tr-kimlik", "tr.tckimlik", ["###########"], {}),
    ("gb-nhs", "gb.nhs", ["### ### ####", "##########"], {}),
    ("gb-utr", "gb.utr", ["##########"], {}),
    ("ie-pps", "ie.pps", ["#######A", "#######AB"], {}),
    ("fr-nir", "fr.nir", ["1<ym>##########", "2 <y> <m> ## ### ### ##"], {}),
    ("fr-siren", "fr.siren", ["#########", "### ### ###"], {}),
    ("fr-siret", "fr.siret", ["##############", "### ### ### #####"], {}),
    ("it-codice-fiscale", "it.codicefiscale", ["AAAAAA##H1#A###A", "AAAAAA##M2#A###A"], {}),
    ("it-partita-iva", "it.iva", ["#######0###"], {}),
    ("es-nif", "es.dni", ["########A", "########-A"], {}),
    ("es-nif", "es.nie", ["X#######A", "Y#######A"], {}),
    ("es-cif", "es.cif", ["B########", "G########", "P#######%", "Q#######%"], {}),
    ("pt-nif", "pt.nif", ["#########", "### ### ###"], {}),
    ("nl-bsn", "nl.bsn", ["#########", "####.##.###"], {}),
    ("be-rijksregisternummer", "be.nn", ["<ymd>#####"], {}),
    ("us-ssn", "us.ssn", ["###-##-####"], {}),
    ("us-itin", "us.itin", ["9##-##-####"], {}),
    ("us-routing", "us.rtn", ["01#######", "11#######", "26#######", "31#######", "121######"], {}),
    ("us-ein", "us.ein", ["##-#######"], {}),
    ("ca-sin", "ca.sin", ["### ### ###", "#########", "###-###-###"], {}),
    ("mx-curp", "mx.curp", ["AAAA<ymd>HDFAAA##", "AAAA<ymd>MJCAAA##", "AAAA<ymd>HNLAAAA#"], {}),
    ("mx-rfc", "mx.rfc", ["AAAA<ymd>***", "AAA<ymd>***"], {"validate_check_digits": True}),
    ("br-cpf", "br.cpf", ["###.###.###-##", "###########"], {}),
    ("br-cnpj", "br.cnpj", ["##.###.###/####-##", "##############"], {}),
    ("cl-rut", "cl.rut", ["##.###.###-#", "########-#"], {}),
    ("ar-cuit", "ar.cuit", ["20-########-#", "27#########", "30-########-#"], {}),
    ("ec-cedula", "ec.ci", ["0#########", "17########"], {}),
    ("in-aadhaar", "in_.aadhaar", ["#### #### ####", "############"], {}),
    ("in-pan", "in_.pan", ["AAAPA####A", "AAACA####A"], {}),
    ("in-gstin", "in_.gstin", ["27AAAPA####A1Z*", "07AAACA####A1Z*"], {}),
    ("cn-resident-identity", "cn.ric", ["110101<Ymd>####", "310104<Ymd>####", "440106<Ymd>####"], {}),
    ("jp-my-number", "jp.in_", ["############", "#### #### ####"], {}),
    ("kr-rrn", "kr.rrn", ["<ymd>-1######", "<ymd>2######"], {}),
    ("th-identity", "th.pin", ["#############", "#-####-#####-##-#"], {}),
    ("my-kad", "my.nric", ["<ymd>-14-####", "<ymd>-##-####"], {}),
    ("au-tfn", "au.tfn", ["#########", "### ### ###"], {}),
    ("au-abn", "au.abn", ["###########", "## ### ### ###"], {}),
    ("nz-ird", "nz.ird", ["0########", "1########", "##-###-###"], {}),
    ("il-teudat-zehut", "il.idnr", ["#########"], {}),
    ("za-identity", "za.idnr", ["<ymd>#######"], {}),
    ("imei", "imei", ["35#############", "86#############"], {}),
    ("isin", "isin", ["US##########", "DE000#######", "FR00########"], {}),
    ("lei", "lei", ["5299##************##", "2138##************##"], {}),
    ("iban", "iban", [], {}),
]


def brute_force(template, is_valid):
    """A number of this form that the peer accepts: what can be counted through at its end is, what is left is drawn again."""
    for _ in range(200000):
        text = fill(template)
        if is_valid(text):
            return text
    raise SystemExit(f"no number like {template}")


def change(text):
    at = rnd.choice([index for index, sign in enumerate(text) if sign.isalnum()])
    letters = string.digits if text[at].isdigit() else string.ascii_uppercase
    return text[:at] + rnd.choice(letters.replace(text[at], "")) + text[at + 1 :]


def of_module(name, templates, options):
    module = importlib.import_module(f"stdnum.{name}")

    def is_valid(text):
        return module.is_valid(text, **options)

    valid, invalid = set(), set()
    while len(valid) < WANTED:
        valid.add(brute_force(rnd.choice(templates), is_valid))
    ordered = sorted(valid)
    for _ in range(20000):
        if len(invalid) >= WANTED:
            break
        other = change(rnd.choice(ordered))
        if not is_valid(other):
            invalid.add(other)
    return ordered, sorted(invalid)


def ibans():
    module = importlib.import_module("stdnum.iban")
    locales = "de_DE fr_FR es_ES it_IT nl_NL pl_PL en_GB de_AT de_CH no_NO fi_FI pt_PT el_GR tr_TR sv_SE da_DK".split()
    valid = set()
    while len(valid) < WANTED:
        text = Faker(rnd.choice(locales)).iban()
        if module.is_valid(text, check_country=False):
            valid.add(text if rnd.random() < 0.5 else " ".join(text[at : at + 4] for at in range(0, len(text), 4)))
    invalid = set()
    for _ in range(2000):
        text = rnd.choice(sorted(valid))
        at = rnd.choice([index for index, sign in enumerate(text) if sign.isdigit() and index > 4])
        other = text[:at] + rnd.choice(string.digits.replace(text[at], "")) + text[at + 1 :]
        if not module.is_valid(other, check_country=False) and len(invalid) < WANTED:
            invalid.add(other)
    return sorted(valid), sorted(invalid)


def coins():
    """Addresses by the libraries of base58, bech32 and Ethereum."""
    found = {}

    def base(versions):
        valid = [base58.b58encode_check(bytes([rnd.choice(versions)]) + rnd.randbytes(20)).decode() for _ in range(WANTED // 2)]
        return valid

    bitcoin = base([0, 5]) + [bech32.encode("bc", version, list(rnd.randbytes(20 if version == 0 else 32))) for version in [0] * 15]
    found["crypto-bitcoin"] = [text for text in bitcoin if text]
    found["crypto-litecoin"] = base([48])
    found["crypto-dogecoin"] = base([30])
    found["crypto-tron"] = base([0x41])
    found["crypto-xrp"] = [
        base58.b58encode_check(bytes([0]) + rnd.randbytes(20), alphabet=base58.XRP_ALPHABET).decode() for _ in range(WANTED // 2)
    ]
    found["crypto-ethereum"] = [to_checksum_address("0x" + rnd.randbytes(20).hex()) for _ in range(WANTED // 2)]
    result = {}
    for name, valid in found.items():
        invalid = []
        while len(invalid) < len(valid):
            text = rnd.choice(valid)
            at = rnd.randrange(5, len(text))
            if name == "crypto-ethereum":
                other = text[:at] + text[at].swapcase() + text[at + 1 :]
                if is_checksum_address(other):
                    continue
            else:
                other = text[:at] + rnd.choice("23456789acdefghjk".replace(text[at], "")) + text[at + 1 :]
            if other != text:
                invalid.append(other)
        result[name] = (sorted(valid), sorted(invalid))
    return result


def phones():
    """International numbers of thirty countries, as Google's libphonenumber has them."""
    countries = "GB DE FR ES IT PL NL BE AT CH SE NO DK FI PT IE CZ HU RO GR US CA MX BR AR AU NZ JP KR IN".split()
    formats = [phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164]
    valid, invalid = set(), set()
    while len(valid) < 2 * WANTED:
        number = phonenumbers.example_number_for_type(rnd.choice(countries), phonenumbers.PhoneNumberType.MOBILE)
        number.national_number += rnd.randrange(100)
        if phonenumbers.is_valid_number(number):
            valid.add(phonenumbers.format_number(number, rnd.choice(formats)))
    while len(invalid) < WANTED:
        text = "+" + some("123456789") + some(string.digits, rnd.randrange(7, 13))
        try:
            if not phonenumbers.is_possible_number(phonenumbers.parse(text)):
                invalid.add(text)
        except phonenumbers.NumberParseException:
            invalid.add(text)
    return sorted(valid), sorted(invalid)


def token(prefix):
    letters = string.digits + string.ascii_uppercase + string.ascii_lowercase
    body = some(letters, 30)
    rest, value = "", zlib.crc32(body.encode())
    for _ in range(6):
        rest, value = letters[value % 62] + rest, value // 62
    return f"{prefix}_{body}{rest}"


def made_by_faker():
    return {
        "email": [faker.email() for _ in range(WANTED)],
        "url": [faker.url() + faker.uri_path() for _ in range(WANTED)],
        "ipv4": [faker.ipv4_public() for _ in range(WANTED)],
        "ipv6": [faker.ipv6() for _ in range(WANTED)],
        "mac-address": [faker.mac_address() for _ in range(WANTED)],
        "vin": [faker.vin() for _ in range(WANTED)],
        "bic": [faker.swift() for _ in range(WANTED)],
        "date-of-birth": [faker.date_of_birth().strftime(rnd.choice(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"])) for _ in range(WANTED)],
    }


def main():
    numbers = {}
    for name, module, templates, options in STDNUM:
        valid, invalid = ibans() if name == "iban" else of_module(module, templates, options)
        entry = numbers.setdefault(name, {"peer": f"stdnum.{module}", "valid": [], "invalid": []})
        entry["valid"] += valid
        entry["invalid"] += invalid
        print(name, len(valid), len(invalid), flush=True)
    for name, (valid, invalid) in coins().items():
        numbers[name] = {"peer": "base58, bech32, eth-utils", "valid": valid, "invalid": invalid}
    valid, invalid = phones()
    numbers["phone"] = {"peer": "phonenumbers", "valid": valid, "invalid": invalid}
    tokens = [token(rnd.choice(["ghp", "gho", "ghs"])) for _ in range(WANTED)]
    # In halves, so that nothing that looks for tokens in files finds one in this.
    halves = [[text[:8], text[8:]] for text in tokens]
    versions = {name: version(name) for name in ["python-stdnum", "Faker", "base58", "bech32", "eth-utils", "phonenumbers"]}
    record = {"versions": versions, "numbers": numbers, "made": made_by_faker(), "githubTokens": halves}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
