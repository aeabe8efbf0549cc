//! What networks of partners are.

use super::codes;

codes! { "network_kind",
    /// What sort of network partners belong to.
    pub enum NetworkKind {
        /// A network or association of cities.
        CityNetwork,
        /// A cross-border association of local and regional authorities.
        Euroregion,
        /// A European grouping of territorial cooperation under Regulation (EC) No 1082/2006.
        Egtc,
        /// An association of the local authorities of one country.
        NationalAssociation,
        /// A worldwide association of cities or local authorities.
        GlobalAssociation,
        /// An alliance for one subject, such as climate or cycling.
        ThematicAlliance,
        /// A standing forum of the authorities of two countries.
        BilateralForum,
    }
}
