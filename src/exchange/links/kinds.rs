//! Words that lists have for kinds of ties.

use std::{collections::HashMap, sync::LazyLock};

use crate::core::{
    name,
    vocabulary::{
        Code as _,
        agreement::RelationshipType::{
            self, Contact, Cooperation, Friendship, ProjectPartnership, Solidarity, Twinning,
        },
        vocabulary,
    },
};

/// What a text says of a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// It is of this kind.
    Kind(RelationshipType),
    /// Several kinds, a paper, how it stands, or more than the kind.
    Unclear,
}

/// The words of each kind as they are compared; one with a star is the beginning of others.
const WORDS: [(RelationshipType, &str); 6] = [
    (
        Twinning,
        "twinning twinned sister gemellagg* gemellat* gemella jumel* stadtepartner* partnerschaft* \
         partnerstadt* partnergemeinde* partnerstw* partnersk* hermana* geminac* geminad* stedenband* \
         zusterstad vanort* venskabsby* vennskapsby* ystavyyskaupun* testvervaros* infrat* pobratim* \
         pobraten* kardes* побратим* породнен* 姉妹都市 姐妹城市 友好城市 자매결연 자매도시 توامة التوامة",
    ),
    (
        Friendship,
        "friendship amicizia amitie freundschaft* przyjazn* zaprzyjazn* amistad amizade vriendschap* \
         vanskap* venskab* vennskap* ystavyy* pratelstv* priatelstv* prijateljstv* baratsag* prieteni* \
         dostluk* draugyst* draudzib* дружби дружбы дружбе дружбу приятелств* пријатељств* φιλια* \
         友好都市 友好交流 우호교류 우호도시 صداقة الصداقة",
    ),
    (
        Cooperation,
        "cooperation cooperazione collaborazione cooperacion cooperacao colaboracion cooperare \
         colaborare kooperation* kooperaci* zusammenarbeit* wspolprac* samenwerking* samarbe* yhteisty* \
         spoluprac* suradnj* saradnj* sodelovanj* egyuttmukod* isbirlig* bendradarbiavim* sadarbib* \
         співпрац* співробітн* сотруднич* сътруднич* сарадњ* συνεργασια* تعاون التعاون",
    ),
    (Solidarity, "solidar* солідарн* солидарн*"),
    (ProjectPartnership, "projektpartnerschaft*"),
    (
        Contact,
        "contact contacts contatto contatti contacto contactos kontakt* контакт*",
    ),
];

/// Words for papers, of which each kind of tie has some.
const PAPERS: &str = "patto accordo protocollo intesa memorandum convenzione lettera intenti dichiarazione \
     partenariato pact agreement accord protocol convention charter letter intent declaration partnership mou understanding \
     pacte protocole charte serment entente lettre intention partenariat pakt vertrag abkommen vereinbarung \
     absichtserklarung urkunde umowa umowy porozumienie intencyjny deklaracja acuerdo convenio pacto protocolo \
     acordo parceria protokol* anlasma* sporazum smlouva zmluva dohoda sopimus avtal aftale avtale overeenkomst \
     megallapodas szerzodes acord договор договір угода соглашение протокол меморандум اتفاقية اتفاق بروتوكول";

/// Words for ties that do not stand, or not yet.
const STATES: &str = "former ended terminated expired suspended inactive dormant planned preparation ehemalig* beendet \
     gekundigt erloschen ruhend ruht inaktiv geplant vorbereitung cessat* terminat* conclus* scadut* sospes* inattiv* \
     preparazione suspendu* termine* rompu* resilie* inactif* suspendid* finalizad* suspens* encerrad* inactiv* \
     zakonczon* wygas* rozwiazan* zawieszon* nieaktywn* przygotowaniu ukoncen* pozastaven* zrusen* felfuggeszt* \
     megszunt beeindigd opgezegd avslutad ophort avsluttet paattynyt askida bitti припинен* розірван* призупинен* \
     прекращен* расторгнут* приостановлен* 解消 休止 停止 終了 معلقة منتهية";

/// Words that say nothing beside these.
const SMALL: &str = "a con currently d da de del della des di do du e et for i in la le mit o of the und w with y z \
     про о об з and city cities town towns citta ville villes miasto miasta mesto stadt ciudad cidade kaupunki grad \
     місто город sehir sehri comune";

/// The kinds by what the vocabulary calls them, in each language and register.
static NAMES: LazyLock<HashMap<String, RelationshipType>> = LazyLock::new(|| {
    let codes = vocabulary(RelationshipType::VOCABULARY).map(|found| &found.codes);
    let mut names = HashMap::new();
    for view in codes.into_iter().flatten() {
        let equivalents = view.equivalents.iter().map(|equivalent| &equivalent.name);
        for name in view.label.values().chain(equivalents) {
            names.extend(RelationshipType::parse(view.code).map(|kind| (name::key(name), kind)));
        }
    }
    names
});

/// What a text says of the kind of a tie and how it stands, if it speaks of one.
pub(super) fn of_tie(text: &str) -> Option<Said> {
    let key = name::key(text);
    if let Some(kind) = NAMES.get(&key) {
        return Some(Said::Kind(*kind));
    }
    let (mut kinds, mut papers, mut others) = (Vec::new(), false, false);
    for word in key.split(' ') {
        match WORDS.iter().find(|(_, words)| has(words, word)) {
            Some((kind, _)) => kinds.push(*kind),
            None if has(PAPERS, word) || has(STATES, word) => papers = true,
            None => others |= !has(SMALL, word),
        }
    }
    kinds.dedup();
    match kinds.as_slice() {
        [kind] if !others => Some(Said::Kind(*kind)),
        [] if !papers || others => None,
        _ => Some(Said::Unclear),
    }
}

fn has(words: &str, word: &str) -> bool {
    let mut words = words.split(' ');
    words.any(|known| match known.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => known == word,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_ties_are_known_by_the_words_of_many_languages() {
        for (text, kind) in [
            ("gemellaggio", Twinning),
            ("patto di gemellaggio", Twinning),
            ("miasto partnerskie", Twinning),
            ("Städtepartnerschaft", Twinning),
            ("місто-побратим", Twinning),
            ("姉妹都市", Twinning),
            ("kardeş şehir", Twinning),
            ("اتفاقية توأمة", Twinning),
            ("patto di amicizia", Friendship),
            ("Pacte d'amitié", Friendship),
            ("Freundschaftsvertrag", Friendship),
            ("umowa o przyjaźni", Friendship),
            ("угода про дружбу", Friendship),
            ("友好都市", Friendship),
            ("accordo di cooperazione", Cooperation),
            ("porozumienie o współpracy", Cooperation),
            ("договір про співпрацю", Cooperation),
            ("işbirliği protokolü", Cooperation),
            ("Kontakte", Contact),
            ("Projektpartnerschaft", ProjectPartnership),
        ] {
            assert_eq!(of_tie(text), Some(Said::Kind(kind)), "{text}");
        }
        for text in [
            "accordo",
            "amicizia e cooperazione",
            "protocollo d'intesa",
            "gemellaggio con la scuola media",
            "ruhend",
            "in Vorbereitung",
            "zakończone",
            "patto sospeso",
            "припинено",
        ] {
            assert_eq!(of_tie(text), Some(Said::Unclear), "{text}");
        }
        for text in [
            "Saale",
            "Oder",
            "Дружба",
            "Charter Oak",
            "Twin Falls",
            "",
            "Partner",
            "TN",
        ] {
            assert_eq!(of_tie(text), None, "{text}");
        }
    }
}
