"""Believable words: what customers and agents write, by language and purpose.

Every text is put together from short sentences; no text names a person or anything real.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

from cxaudit.simulate.service import CATEGORIES, LANGUAGES

ACTS = (
    "opening",
    "receipt",
    "greeting_by_bot",
    "note",
    "first_reply",
    "question",
    "reply",
    "chase",
    "solution",
    "thanks",
    "return",
    "withdrawal",
    "answer_by_bot",
)
WARM, PLAIN = 0, 1  # the tone of an agent

TOPICS = {
    "de": (
        "die Rechnung", "das langsame Internet", "die Störung des Anschlusses",
        "die Änderung des Vertrags", "die Einrichtung des Routers", "die Lieferung",
        "die Ummeldung", "die Zahlung", "Roaming im Ausland", "die Kündigung",
        "die Mitnahme der Nummer", "die Anmeldung im Konto",
    ),
    "en": (
        "the bill", "the slow connection", "the line being down", "a change of the contract",
        "setting up the router", "the delivery", "moving house", "the payment", "roaming abroad",
        "the cancellation", "keeping the number", "access to the account",
    ),
    "fr": (
        "la facture", "la connexion lente", "la panne de la ligne", "le changement de contrat",
        "l'installation du routeur", "la livraison", "le déménagement", "le paiement",
        "l'itinérance à l'étranger", "la résiliation", "la portabilité du numéro",
        "l'accès au compte",
    ),
    "tr": (
        "fatura", "yavaş bağlantı", "bağlantı kesintisi", "sözleşme değişikliği",
        "modem kurulumu", "teslimat", "taşınma", "ödeme", "yurt dışı kullanımı", "iptal",
        "numara taşıma", "hesaba erişim",
    ),
}  # fmt: skip

OPENINGS = {
    "de": (
        ("Guten Tag,", "Hallo,", "Hallo zusammen,"),
        ("es geht um {topic}.", "ich habe eine Frage zu: {topic}.", "ich schreibe wegen: {topic}."),
        ("Seit drei Tagen komme ich nicht weiter.", "Es hat schon einmal nicht geklappt.",
         "Ich bin enttäuscht, so geht das nicht.", "Die Hilfeseite hat mir nicht geholfen."),
        ("Können Sie mir bitte helfen?", "Was muss ich tun?", "Bitte melden Sie sich bald."),
    ),
    "en": (
        ("Hello,", "Good morning,", "Hi there,"),
        ("this is about {topic}.", "I have a question about {topic}.", "I need help with {topic}."),
        ("I have been waiting for three days.", "It did not work the last time either.",
         "I am disappointed, this is not good enough.", "The help page did not help me."),
        ("Could you please help?", "What do I have to do?", "Please get back to me soon."),
    ),
    "fr": (
        ("Bonjour,", "Bonsoir,"),
        ("je vous écris au sujet suivant : {topic}.", "j'ai une question : {topic}."),
        ("Cela dure depuis trois jours.", "Je suis déçu, ce n'est pas normal.",
         "La page d'aide ne m'a pas aidé."),
        ("Pouvez-vous m'aider ?", "Que dois-je faire ?", "Merci de me répondre rapidement."),
    ),
    "tr": (
        ("Merhaba,", "İyi günler,"),
        ("konu: {topic}.", "{topic} hakkında bir sorum var."),
        ("Üç gündür bekliyorum.", "Hayal kırıklığına uğradım.", "Yardım sayfası işe yaramadı."),
        ("Yardımcı olabilir misiniz?", "Ne yapmalıyım?", "Lütfen en kısa sürede dönün."),
    ),
}  # fmt: skip

# Act, then tone: sentences to choose from, joined one from each group.
SAYINGS: dict[str, dict[str, tuple[tuple[tuple[str, ...], ...], ...]]] = {
    "de": {
        "receipt": ((("Danke für Ihre Nachricht. Wir haben sie erhalten und melden uns.",),),),
        "greeting_by_bot": ((("Hallo, ich bin Lumi, der Assistent. Ich verbinde Sie.",),),),
        "note": ((("Kunde hatte das Thema schon einmal.", "Leitung geprüft, Werte im Rahmen.",
                   "Bitte vor Antwort Gutschrift klären."),),),
        "first_reply": (
            (("Vielen Dank für Ihre Geduld.", "Ich verstehe, wie ärgerlich das ist."),
             ("Ich kümmere mich selbst darum.", "Ich habe mir {topic} angesehen."),
             ("Bis morgen Mittag melde ich mich wieder.", "Darf ich kurz nachfragen?")),
            (("Guten Tag.", "Hallo."),
             ("Ihre Anfrage liegt vor: {topic}.", "Der Vorgang wird geprüft."),
             ("Bitte haben Sie etwas Geduld.", "Weitere Angaben sind nötig.")),
        ),
        "question": ((("Welche Angaben brauchen Sie noch?", "Ich habe das gestern schon erklärt.",
                       "Neu gestartet, ohne Erfolg.", "Gut, ich probiere es."),),),
        "reply": (
            (("Das kann ich gut nachvollziehen.", "Danke für die Angaben."),
             ("Ich habe die Einstellung jetzt geändert.", "Die Gutschrift ist veranlasst.",
              "Ich habe die Technik dazugeholt und bleibe dran.")),
            (("Danke für die Rückmeldung.",),
             ("Bitte starten Sie das Gerät neu.", "Das liegt nicht in unserer Hand.",
              "Bitte prüfen Sie das in Ihrem Konto.")),
        ),
        "chase": ((("Gibt es schon etwas Neues?", "Ich warte immer noch auf eine Antwort.",
                    "Warum meldet sich niemand?"),),),
        "solution": (
            (("Es ist erledigt: {topic}.", "Alles sollte nun wieder laufen."),
             ("Sagen Sie mir gern, ob es so passt.", "Danke, dass Sie Bescheid gegeben haben.")),
            (("Der Vorgang ist abgeschlossen.", "Das Problem ist behoben."),),
        ),
        "thanks": ((("Vielen Dank, jetzt geht es.", "Super, danke für die schnelle Hilfe.",
                     "Danke."),),),
        "return": ((("Leider tritt es wieder auf.", "Das hat nicht geholfen, bitte noch einmal.",
                     "Nun ist es wieder wie zuvor."),),),
        "withdrawal": ((("Hat sich erledigt.", "Bitte schließen, es geht wieder."),),),
        "answer_by_bot": ((("Hier finden Sie die passende Hilfeseite. Hat das geholfen?",),),),
    },
    "en": {
        "receipt": ((("Thank you for your message. We have received it and will be in touch.",),),),
        "greeting_by_bot": ((("Hello, I am Lumi, the digital assistant. Let me connect you.",),),),
        "note": ((("Customer has had this before.", "Line checked, values are fine.",
                   "Clear the credit before replying."),),),
        "first_reply": (
            (("Thank you for bearing with us.", "I understand how annoying this is."),
             ("I am taking care of it myself.", "I have looked into {topic}."),
             ("I will be back to you by noon tomorrow.", "May I ask one thing?")),
            (("Hello.", "Good day."),
             ("We have your request about {topic}.", "The matter is being looked at."),
             ("Please wait.", "More details are needed.")),
        ),
        "question": ((("What else do you need?", "I explained this yesterday already.",
                       "I restarted it and nothing changed.", "Fine, I will try that."),),),
        "reply": (
            (("I can see why.", "Thank you for the details."),
             ("I have changed the setting now.", "The credit is on its way.",
              "I have asked our engineers and will stay with it.")),
            (("Thank you for the reply.",),
             ("Please restart the device.", "This is not in our hands.",
              "Please check your account.")),
        ),
        "chase": ((("Is there any news?", "I am still waiting for an answer.",
                    "Why does nobody reply?"),),),
        "solution": (
            (("It is done: {topic}.", "Everything should work again now."),
             ("Let me know whether this suits you.", "Thank you for telling us.")),
            (("The case is closed.", "The problem is solved."),),
        ),
        "thanks": ((("Thank you, it works now.", "Great, thanks for the help.", "Thanks."),),),
        "return": ((("Unfortunately it is back.", "That did not help, please look again.",
                     "Now it is as it was before."),),),
        "withdrawal": ((("Never mind, it is settled.", "Please close this, it works again."),),),
        "answer_by_bot": ((("Here is the help page for this. Did it help?",),),),
    },
    "fr": {
        "receipt": ((("Merci pour votre message. Nous l'avons reçu et revenons vers vous.",),),),
        "greeting_by_bot": ((("Bonjour, je suis Lumi, l'assistant. Je vous mets en relation.",),),),
        "note": ((("Déjà signalé par le client.", "Ligne vérifiée, valeurs normales."),),),
        "first_reply": (
            (("Merci de votre patience.", "Je comprends votre agacement."),
             ("Je m'en occupe moi-même.", "J'ai regardé : {topic}."),
             ("Je reviens vers vous demain midi.", "Puis-je vous poser une question ?")),
            (("Bonjour.",), ("Votre demande est en cours.",), ("Merci de patienter.",)),
        ),
        "question": ((("Que vous faut-il encore ?", "Je l'ai déjà expliqué hier."),),),
        "reply": (
            (("Je vous comprends.", "Merci pour ces précisions."),
             ("J'ai modifié le réglage.", "L'avoir est en route.")),
            (("Merci pour votre retour.",), ("Veuillez redémarrer l'appareil.",)),
        ),
        "chase": ((("Y a-t-il du nouveau ?", "J'attends toujours une réponse."),),),
        "solution": (
            (("C'est réglé : {topic}.",), ("Dites-moi si cela vous convient.",)),
            (("Le dossier est clos.", "Le problème est résolu."),),
        ),
        "thanks": ((("Merci, cela fonctionne.", "Merci."),),),
        "return": ((("Le problème est revenu.", "Cela n'a pas aidé."),),),
        "withdrawal": ((("C'est réglé, merci.",),),),
        "answer_by_bot": ((("Voici la page d'aide. Cela vous a-t-il aidé ?",),),),
    },
    "tr": {
        "receipt": ((("Mesajınız için teşekkürler. Size döneceğiz.",),),),
        "greeting_by_bot": ((("Merhaba, ben Lumi. Sizi bağlıyorum.",),),),
        "note": ((("Müşteri bunu daha önce yaşadı.", "Hat kontrol edildi."),),),
        "first_reply": (
            (("Sabrınız için teşekkürler.", "Sizi anlıyorum."),
             ("Konuyla bizzat ilgileniyorum.", "İnceledim: {topic}."),
             ("Yarın öğlene kadar döneceğim.", "Bir şey sorabilir miyim?")),
            (("Merhaba.",), ("Talebiniz inceleniyor.",), ("Lütfen bekleyin.",)),
        ),
        "question": ((("Başka ne gerekiyor?", "Bunu dün anlattım."),),),
        "reply": (
            (("Haklısınız.", "Bilgiler için teşekkürler."), ("Ayarı değiştirdim.",)),
            (("Teşekkürler.",), ("Lütfen cihazı yeniden başlatın.",)),
        ),
        "chase": ((("Bir gelişme var mı?", "Hâlâ bekliyorum."),),),
        "solution": (
            (("Tamamlandı: {topic}.",), ("Uygun olup olmadığını bildirin.",)),
            (("Kayıt kapatıldı.",),),
        ),
        "thanks": ((("Teşekkürler, çalışıyor.", "Teşekkürler."),),),
        "return": ((("Sorun yine ortaya çıktı.", "İşe yaramadı."),),),
        "withdrawal": ((("Gerek kalmadı.",),),),
        "answer_by_bot": ((("Yardım sayfası burada. Yardımcı oldu mu?",),),),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Phrases:
    """Every text there is, and where those of a language, act, tone and topic begin and how many.

    Keys are (language, act, tone, topic) as indices.
    """

    texts: tuple[str, ...]
    first: dict[tuple[int, int, int, int], int]
    count: dict[tuple[int, int, int, int], int]


@cache
def phrases() -> Phrases:
    """The texts of all languages, acts, tones and topics."""
    texts: list[str] = []
    first: dict[tuple[int, int, int, int], int] = {}
    count: dict[tuple[int, int, int, int], int] = {}
    for language, code in enumerate(LANGUAGES):
        for act, name in enumerate(ACTS):
            tones = (OPENINGS[code],) if name == "opening" else SAYINGS[code][name]
            for tone in (WARM, PLAIN):
                groups = tones[min(tone, len(tones) - 1)]
                for topic in range(len(CATEGORIES)):
                    key = (language, act, tone, topic)
                    made = [" ".join(said) for said in product(*groups)]
                    first[key], count[key] = len(texts), len(made)
                    texts += [text.replace("{topic}", TOPICS[code][topic]) for text in made]
    return Phrases(tuple(texts), first, count)
