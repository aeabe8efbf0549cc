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

/// The words of each kind as they are compared. One with a star is the beginning of others, which are names, too
/// (Solidaridad, Hermanas Mirabal): beside a name it speaks of a tie only together with a paper.
const WORDS: [(RelationshipType, &str); 6] = [
    (
        Twinning,
        "twinning twinned sister* gemellaggio gemellata gemellato gemellagg* gemellat* gemella* jumelage \
        jumelee jumel* \
         stadtepartnerschaft partnerschaft partnerstadt partnergemeinde stadtepartner* partnerschaft* \
         partnerstadt* partnergemeinde* partnerstw* partnersk* hermanamiento hermana* geminacao geminac* \
         geminad* stedenband stedenband* zusterstad vanort vanort* venskabsby venskabsby* vennskapsby vennskapsby* \
         ystavyyskaupunki ystavyyskaupun* testvervaros testvervaros* infratire infrat* partnerskie partnerska \
         partnerstwo partnerstvi partnerstvo pobratim* pobraten* kardes kardes* побратим породнен* 姉妹都市 姐妹城市 友好城市 자매결연 자매도시 توامة التوامة",
    ),
    (
        Friendship,
        "friendship amicizia amitie freundschaft freundschaft* vriendschap vanskap pratelstvi baratsag prietenie \
         dostluk draugyste draudziba przyjazn* zaprzyjazn* amistad* amizade* \
         vriendschap* vanskap* venskab* vennskap* ystavyy* pratelstv* priatelstv* prijateljstv* baratsag* \
         prieteni* dostluk* draugyst* draudzib* дружби* дружбы* дружбе* дружбу* приятелств* пријатељств* φιλια* \
         友好都市 友好交流 우호교류 우호도시 صداقة* الصداقة*",
    ),
    (
        Cooperation,
        "cooperation cooperazione collaborazione cooperacion cooperacao colaboracion cooperare \
         colaborare kooperation zusammenarbeit wspolpraca samenwerking samarbete samarbejde samarbeid spoluprace \
         spolupraca suradnja saradnja egyuttmukodes isbirligi співпраця співробітництво сотрудничество \
         сътрудничество kooperation* kooperaci* zusammenarbeit* wspolprac* samenwerking* samarbe* \
         yhteisty* spoluprac* suradnj* saradnj* sodelovanj* egyuttmukod* isbirlig* bendradarbiavim* sadarbib* \
         співпрац* співробітн* сотруднич* сътруднич* сарадњ* συνεργασια* تعاون* التعاون*",
    ),
    (Solidarity, "solidar* солідарн* солидарн*"),
    (
        ProjectPartnership,
        "projektpartnerschaft projektpartnerschaft*",
    ),
    (
        Contact,
        "contact contacts contatto contatti contacto contactos kontakt* контакт*",
    ),
];

/// Words for papers, of which each kind of tie has some.
const PAPERS: &str = "patto accordo protocollo intesa memorandum convenzione lettera intenti dichiarazione \
     partenariato pact agreement accord protocol convention charter letter intent declaration partnership mou \
     understanding \
     pacte protocole charte serment entente lettre intention partenariat pakt vertrag abkommen vereinbarung \
     absichtserklarung urkunde umowa umowy porozumienie intencyjny deklaracja acuerdo convenio pacto protocolo \
     acordo parceria protokol protokolu protokoll anlasma anlasmasi sporazum smlouva zmluva dohoda sopimus \
     avtal aftale \
     avtale overeenkomst megallapodas szerzodes acord договор договір угода соглашение протокол меморандум \
     اتفاقية اتفاق \
     بروتوكول";

/// Words for ties that do not stand, or not yet, of which nothing else in the text makes standing ones.
const STATES: &str = "former ended terminated expired suspended inactive dormant planned preparation ehemalig \
ehemalige \
     ehemaliger ehemaliges beendet beendete gekundigt erloschen ruhend ruhende ruht inaktiv inaktive geplant geplante \
     vorbereitung cessato cessata terminato terminata concluso conclusa scaduto scaduta sospeso sospesa inattivo \
     inattiva preparazione suspendu suspendue termine terminee rompu rompue resilie resiliee inactif inactive \
     suspendido suspendida finalizado finalizada suspenso suspensa encerrado encerrada inactivo inactiva inativo \
     inativa zakonczone zakonczona zakonczony zakonczono wygaslo wygasle wygasla wygasly rozwiazane rozwiazana \
     rozwiazano zawieszone zawieszona zawieszono nieaktywne nieaktywna przygotowaniu ukonceno ukoncene ukoncena \
     pozastaveno pozastavene pozastavena zruseno zrusene zrusena felfuggesztve felfuggesztett megszunt beeindigd \
     opgezegd avslutad ophort avsluttet paattynyt askida припинено припинена розірвано розірвана призупинено \
     призупинена прекращено прекращен прекращены расторгнут расторгнуто расторгнута приостановлено приостановлен \
     приостановлена 解消 休止 停止 終了 معلقة منتهية";

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

/// What a text says of the kind of a tie and how it stands, if it speaks of one: the cell of a column for it.
pub(super) fn of_tie(text: &str) -> Option<Said> {
    let key = name::key(text);
    match NAMES.get(&key) {
        Some(kind) => Some(Said::Kind(*kind)),
        None if key.split(' ').any(|word| has(STATES, word, false)) => Some(Said::Unclear),
        None => said(&key, true),
    }
}

/// The same of what stands beside the name of a place, which may be a name itself, as a former one is: Gdańsk (former
/// Danzig).
pub(super) fn beside_a_name(text: &str) -> Option<Said> {
    let key = name::key(text);
    let with_paper = key
        .split(' ')
        .any(|word| has(PAPERS, word, false) || has(STATES, word, false));
    said(&key, with_paper)
}

/// What words say of a tie; beginnings of words count or not.
fn said(key: &str, with_beginnings: bool) -> Option<Said> {
    let (mut kinds, mut papers, mut stands, mut others) = (Vec::new(), false, true, false);
    for word in key.split(' ') {
        let kind = WORDS
            .iter()
            .find(|(_, words)| has(words, word, with_beginnings));
        match kind {
            Some((kind, _)) => kinds.push(*kind),
            None if has(PAPERS, word, false) => papers = true,
            None if has(STATES, word, false) => stands = false,
            None => others |= !has(SMALL, word, false),
        }
    }
    kinds.dedup();
    match kinds.as_slice() {
        [kind] if !others && stands => Some(Said::Kind(*kind)),
        [] if (!papers && stands) || others => None,
        _ => Some(Said::Unclear),
    }
}

fn has(words: &str, word: &str, with_beginnings: bool) -> bool {
    let mut words = words.split_ascii_whitespace();
    words.any(|known| match known.strip_suffix('*') {
        Some(beginning) => with_beginnings && word.starts_with(beginning),
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
            "Partnerschaft beendet",
            "former sister city",
            "gemellaggio sospeso",
            "planned twinning",
            "jumelage suspendu par le conseil",
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

    #[test]
    fn beside_a_name_only_whole_words_speak_of_a_tie() {
        for (text, kind) in [
            ("gemellaggio", Twinning),
            ("Städtepartnerschaft", Twinning),
            ("miasto partnerskie, umowa", Twinning),
            ("patto di amicizia", Friendship),
            ("pacto de amistad", Friendship),
            ("umowa o przyjaźni", Friendship),
            ("accordo di cooperazione", Cooperation),
            ("convenio de solidaridad", Solidarity),
        ] {
            assert_eq!(beside_a_name(text), Some(Said::Kind(kind)), "{text}");
        }
        for text in [
            "gemellaggio, sospeso",
            "ruhend",
            "accordo",
            "amicizia e cooperazione",
            "gemellaggio di Nizza",
            "former sister city",
        ] {
            assert_eq!(beside_a_name(text), Some(Said::Unclear), "{text}");
        }
        for text in [
            "Solidaridad",
            "Solidarność",
            "Jumelles",
            "Hermanas Mirabal",
            "Bitti",
            "La Amistad",
            "Przyjaźń",
            "Sister Bay",
            "former Danzig",
            "ehemalige Karl-Marx-Stadt",
            "former Yugoslavia",
        ] {
            assert_eq!(beside_a_name(text), None, "{text}");
        }
    }
}
