//! What other systems promise their users of tenants, or get wrong, as their documentation and their issues tell it: each
//! case is a test here, in both isolations.

mod activerecord_multi_tenant;
mod acts_as_tenant;
mod hibernate;
mod sqlalchemy;
