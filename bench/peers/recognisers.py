"""Presidio's pattern recognisers on a file, for bench/recognisers.ts.

    ~/.cache/holdfast-peers/presidio/bin/python bench/peers/recognisers.py FILE

Each recogniser's `analyze` is called directly, without a language model and without words of context: the least work that it can
do. The text goes in pieces of 1,000 characters, which is when it is fastest. Prints processor seconds, and for each recogniser
what it found with a score of at least 0.5.
"""

import json
import logging
import sys
import time

import presidio_analyzer.predefined_recognizers as predefined

NAMES = (
    "AbaRouting AuAbn AuMedicare AuTfn CaSin CreditCard Crypto DeTaxId Email EsNie EsNif FiPersonalIdentityCode Iban InAadhaar "
    "InGstin InPan Ip ItFiscalCode ItVatCode KrRrn MacAddress MedicalLicense Nhs Phone PlPesel SePersonnummer SgFin ThTnin "
    "TrNationalId UkNino Url UsItin UsMbi UsNpi UsSsn ZaIdNumber"
).split()

logging.disable(logging.CRITICAL)
recognisers = [getattr(predefined, f"{name}Recognizer")() for name in NAMES]
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
pieces = [(at, text[at : at + 1000]) for at in range(0, len(text), 1000)]
for recogniser in recognisers:
    recogniser.analyze(pieces[0][1], recogniser.supported_entities, None)

found = []
start = time.process_time()
for at, piece in pieces:
    for recogniser in recognisers:
        for result in recogniser.analyze(piece, recogniser.supported_entities, None) or []:
            if result.score >= 0.5:
                found.append([at + result.start, at + result.end])
print(json.dumps({"cpu": time.process_time() - start, "found": found}))
